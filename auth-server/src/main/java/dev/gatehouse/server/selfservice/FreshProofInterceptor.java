package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.login.FreshProof;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Sends a person whose last proof is too old to the login page, from where they come back. */
@Component
final class FreshProofInterceptor implements HandlerInterceptor, WebMvcConfigurer {
    private final LoginSessions sessions;

    private final FreshProof freshProof;

    FreshProofInterceptor(LoginSessions sessions, FreshProof freshProof) {
        this.sessions = sessions;
        this.freshProof = freshProof;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/account/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method) || !isMarked(method)) {
            return true;
        }
        Optional<LoginSession> login = sessions.current(request);
        if (login.isPresent() && freshProof.isFresh(login.get())) {
            return true;
        }
        response.setStatus(HttpStatus.SEE_OTHER.value());
        response.setHeader("Location", "/login?to=" + request.getServletPath());
        return false;
    }

    private static boolean isMarked(HandlerMethod method) {
        return method.hasMethodAnnotation(NeedsFreshProof.class)
                || method.getBeanType().isAnnotationPresent(NeedsFreshProof.class);
    }
}
