package dev.gatehouse.server.web;

import dev.gatehouse.server.oauth.OAuthError;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * What is answered when a request was refused or failed without an answer of its own: to a browser a page, to an OAuth client
 * the JSON of RFC 6749 section 5.2, to anybody else problem details, RFC 9457. Never says why it failed beyond the status.
 */
@Controller
final class ErrorResponses implements ErrorController {
    @RequestMapping("/error")
    Object error(HttpServletRequest request) {
        HttpStatus status = status(request);
        String path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri ? uri : "/";
        if (wantsPage(request, path)) {
            return page(request, status);
        }
        return isOAuth(path) ? oauth(path, status) : problem(status);
    }

    private static HttpStatus status(HttpServletRequest request) {
        HttpStatus status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? HttpStatus.resolve(code)
                : HttpStatus.NOT_FOUND; // somebody asked for /error itself
        return status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status;
    }

    private static boolean wantsPage(HttpServletRequest request, String path) {
        String accept = String.valueOf(request.getHeader("Accept")).toLowerCase(Locale.ROOT);
        boolean forPeople = path.equals("/")
                || path.equals("/login")
                || path.equals("/consent")
                || path.equals("/oauth2/authorize")
                || path.equals("/connect/logout");
        return accept.contains("text/html") || (forPeople && !accept.contains("json"));
    }

    private static ModelAndView page(HttpServletRequest request, HttpStatus status) {
        ModelAndView page = new ModelAndView("error", status);
        page.addObject("status", status.value());
        page.addObject("message", request.getAttribute(ErrorPage.MESSAGE) instanceof String key ? key : key(status));
        return page;
    }

    private static String key(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> "error.not-found";
            case FORBIDDEN -> "error.forbidden";
            case METHOD_NOT_ALLOWED -> "error.method";
            case TOO_MANY_REQUESTS -> "error.busy";
            case SERVICE_UNAVAILABLE -> "error.busy";
            default -> status.is5xxServerError() ? "error.server" : "error.bad-request";
        };
    }

    private static boolean isOAuth(String path) {
        return path.startsWith("/oauth2/") || path.equals("/userinfo");
    }

    private static ResponseEntity<Map<String, Object>> oauth(String path, HttpStatus status) {
        boolean protectedResource = path.equals("/userinfo");
        OAuthError error = switch (status) {
            case UNAUTHORIZED -> protectedResource ? OAuthError.INVALID_TOKEN : OAuthError.INVALID_CLIENT;
            case FORBIDDEN -> protectedResource ? OAuthError.INSUFFICIENT_SCOPE : OAuthError.ACCESS_DENIED;
            case TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE -> OAuthError.TEMPORARILY_UNAVAILABLE;
            default -> status.is5xxServerError() ? OAuthError.SERVER_ERROR : OAuthError.INVALID_REQUEST;
        };
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error.code());
        body.put("error_description", status.getReasonPhrase());
        return answer(status, MediaType.APPLICATION_JSON, body);
    }

    private static ResponseEntity<Map<String, Object>> problem(HttpStatus status) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("title", status.getReasonPhrase());
        body.put("status", status.value());
        return answer(status, MediaType.APPLICATION_PROBLEM_JSON, body);
    }

    private static ResponseEntity<Map<String, Object>> answer(
            HttpStatus status, MediaType type, Map<String, Object> body) {
        return ResponseEntity.status(status)
                .contentType(type)
                .cacheControl(CacheControl.noStore())
                .body(body);
    }
}
