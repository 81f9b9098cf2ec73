package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.standby.Standby;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Lets nobody change their account while Redis is away: most changes end logins, and one that is stored and ends nothing is worse than
 * none.
 */
@Component
final class WholeChanges implements HandlerInterceptor, WebMvcConfigurer {
    private final Standby standby;

    WholeChanges(Standby standby) {
        this.standby = standby;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/account/**", "/recover/password");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getMethod().equals(HttpMethod.POST.name())) {
            standby.demandRedis();
        }
        return true;
    }
}
