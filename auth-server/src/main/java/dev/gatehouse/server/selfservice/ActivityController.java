package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.audit.Activity;
import dev.gatehouse.server.audit.PersonalEvent;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/** What has happened around the person's account lately. */
@Controller
final class ActivityController {
    private static final int MOST = 50;

    private static final List<String> TYPES = List.of(
            "login",
            "login.factor",
            "login.remembered",
            "logout",
            "consent",
            "consent.withdrawn",
            "password.changed",
            "password.recovered",
            "email.change-asked",
            "email.verified",
            "account.opened",
            "factor.added",
            "factor.removed",
            "passkey.counter",
            "recovery-codes.renewed",
            "sign-out",
            "sign-out.everywhere");

    private final AccountView view;

    private final Activity activity;

    private final Clients clients;

    private final MessageSource messages;

    ActivityController(AccountView view, Activity activity, Clients clients, MessageSource messages) {
        this.view = view;
        this.activity = activity;
        this.clients = clients;
        this.messages = messages;
    }

    /** An event as the page shows it. */
    record Line(
            PersonalEvent event,
            String text,
            boolean good,
            @Nullable String application) {}

    @GetMapping("/account/activity")
    ModelAndView list(HttpServletRequest request) {
        Locale language = RequestContextUtils.getLocale(request);
        List<Line> lines = activity.of(view.login(request).accountId(), TYPES, MOST).stream()
                .map(event -> line(event, language))
                .toList();
        return view.page(request, "activity").addObject("lines", lines);
    }

    private Line line(PersonalEvent event, Locale language) {
        boolean good = event.outcome().equals("success");
        String key = "activity." + event.type() + (good ? "" : ".refused");
        String text = messages.getMessage(key, null, event.type(), language);
        String client = event.clientId();
        String application =
                client == null ? null : clients.find(client).map(Client::name).orElse(client);
        return new Line(event, String.valueOf(text), good, application);
    }
}
