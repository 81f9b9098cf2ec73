package dev.gatehouse.sample.orders;

import static java.util.Objects.requireNonNullElse;

import dev.gatehouse.verifier.spring.AuthenticationDemand;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.client.RestClientException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The same for a person with a browser. The session stands for them; their tokens stay on this side. */
@Controller
class OrdersPage {
    static final AuthenticationDemand CANCELLING =
            new AuthenticationDemand(List.of(Orders.CANCELLING_ACR), Duration.ofSeconds(Orders.CANCELLING_MAX_AGE));

    private final Orders orders;

    private final Inventory inventory;

    private final Login login;

    private final OrdersProperties properties;

    private final InstantSource clock;

    OrdersPage(Orders orders, Inventory inventory, Login login, OrdersProperties properties, InstantSource clock) {
        this.orders = orders;
        this.inventory = inventory;
        this.login = login;
        this.properties = properties;
        this.clock = clock;
    }

    @GetMapping("/")
    String page(
            @Nullable Authentication session,
            @AuthenticationPrincipal @Nullable OidcUser person,
            @RequestParam @Nullable String ended,
            @RequestParam @Nullable String failed,
            HttpServletRequest request,
            Model model) {
        if (session == null || person == null) {
            model.addAttribute("loginUrl", properties.url() + "/oauth2/authorization/" + Login.REGISTRATION);
            boolean lost = request.getRequestedSessionId() != null && !request.isRequestedSessionIdValid();
            model.addAttribute("ended", ended != null || lost);
            model.addAttribute("failed", failed != null);
            return "welcome";
        }
        Jwt caller = login.token(session);
        model.addAttribute("name", requireNonNullElse(person.getFullName(), person.getName()));
        model.addAttribute("username", person.getPreferredUsername());
        model.addAttribute("orders", orders.of(caller));
        model.addAttribute("stock", inventory.stock());
        return "orders";
    }

    @PostMapping("/place")
    String place(
            @Valid @ModelAttribute Order.Request wanted,
            BindingResult problems,
            Authentication session,
            RedirectAttributes next) {
        if (problems.hasErrors()) {
            next.addFlashAttribute("refused", "choose an item and a quantity from 1 to 100");
            return "redirect:/";
        }
        try {
            orders.place(wanted, login.token(session));
            next.addFlashAttribute("placed", wanted.quantity() + " × " + wanted.item());
        } catch (ResponseStatusException e) {
            next.addFlashAttribute("refused", e.getReason());
        }
        return "redirect:/";
    }

    /** When the login says too little for it, the person proves more at the issuer, comes back, and asks again. */
    @PostMapping("/cancel")
    String cancelAll(Authentication session, RedirectAttributes next) {
        Jwt caller = login.token(session);
        if (!CANCELLING.isMetBy(caller, clock.instant())) {
            return "redirect:/oauth2/authorization/" + Login.REGISTRATION + "?step-up";
        }
        orders.cancelAll(caller);
        next.addFlashAttribute("cancelled", true);
        return "redirect:/";
    }

    @ExceptionHandler({Login.Ended.class, InvalidBearerTokenException.class})
    String ended(HttpServletRequest request, HttpServletResponse response, @Nullable Authentication session) {
        new SecurityContextLogoutHandler().logout(request, response, session);
        return "redirect:/?ended";
    }

    @ExceptionHandler({OAuth2AuthorizationException.class, JwtException.class, RestClientException.class})
    @ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
    String unavailable() {
        return "unavailable";
    }
}
