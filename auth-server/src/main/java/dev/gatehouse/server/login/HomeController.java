package dev.gatehouse.server.login;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** The address without a path: whoever comes there wants their account. */
@Controller
final class HomeController {
    @GetMapping("/")
    String home() {
        return "redirect:/account";
    }
}
