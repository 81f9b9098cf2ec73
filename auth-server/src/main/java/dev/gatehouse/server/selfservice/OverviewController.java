package dev.gatehouse.server.selfservice;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** The first account page. */
@Controller
final class OverviewController {
    private final AccountView view;

    OverviewController(AccountView view) {
        this.view = view;
    }

    @GetMapping("/account")
    ModelAndView overview(HttpServletRequest request) {
        return view.page(request, "overview");
    }
}
