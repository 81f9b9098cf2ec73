package dev.gatehouse.server.login;

import dev.gatehouse.server.account.SecondFactor;
import dev.gatehouse.server.factor.SecondFactors;
import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.web.PageLocales;
import dev.gatehouse.server.web.PersonView;
import dev.gatehouse.server.web.SecurityHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.ModelAndView;

/** A page of the second step: whose login it is, what the factor asks for, and which other factors there are. */
@Component
public final class SecondStepView {
    private final SecondStep secondStep;

    private final SecondFactors factors;

    SecondStepView(SecondStep secondStep, SecondFactors factors) {
        this.secondStep = secondStep;
        this.factors = factors;
    }

    /**
     * The page that asks for a factor's proof.
     *
     * @param template shows {@code person}, {@code factor}, {@code others} and, when there is one, {@code notice}
     */
    public ModelAndView page(
            HttpServletRequest request,
            HttpServletResponse response,
            SecondStep.Pending pending,
            String factor,
            String template) {
        return page(request, response, pending, factor, template, HttpStatus.OK, null);
    }

    ModelAndView page(
            HttpServletRequest request,
            HttpServletResponse response,
            SecondStep.Pending pending,
            String factor,
            String template,
            HttpStatus status,
            @Nullable Notice notice) {
        Interaction interaction = secondStep.destination(request, pending).interaction();
        if (interaction != null) {
            SecurityHeaders.allowFormsToEndAtClient(response);
            PageLocales.prefer(
                    request,
                    interaction.parameters().getOrDefault("ui_locales", List.of()).stream()
                            .findFirst()
                            .orElse(null));
        }
        ModelAndView view = new ModelAndView(template, status);
        view.addObject(
                "person",
                new PersonView(
                        pending.account().displayName(), pending.account().username()));
        view.addObject("factor", factor);
        view.addObject("notice", notice);
        view.addObject(
                "others",
                factors.offeredTo(pending.account()).stream()
                        .map(SecondFactor::name)
                        .filter(name -> !name.equals(factor))
                        .toList());
        return view;
    }
}
