package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.login.Fields;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** How the person signs in, and what they can change about it. */
@Controller
final class SecurityController {
    private static final Set<String> NEWS = Set.of("password", "email");

    private final AccountView view;

    SecurityController(AccountView view) {
        this.view = view;
    }

    @GetMapping("/account/security")
    ModelAndView show(HttpServletRequest request) {
        return view.page(request, "security")
                .addObject(
                        "done",
                        Fields.single(request, "done").filter(NEWS::contains).orElse(null));
    }
}
