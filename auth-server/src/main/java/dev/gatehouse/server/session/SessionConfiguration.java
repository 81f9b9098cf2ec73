package dev.gatehouse.server.session;

import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.standby.Standby;
import dev.gatehouse.server.standby.StandbyTable;
import dev.gatehouse.server.web.ClientAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** Puts browser sessions and logins together. */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {
    @Bean
    BrowserSessions browserSessions(
            StringRedisTemplate redis,
            StandbyTable table,
            Standby standby,
            ServerSecret serverSecret,
            SecureRandom random,
            InstantSource clock,
            SessionProperties properties) {
        return new BrowserSessions(
                new RedisSessionStore(redis),
                new StandbySessionStore(table),
                standby,
                new SessionValues(serverSecret, random),
                random,
                clock,
                properties.anonymousTimeout());
    }

    @Bean
    FilterRegistrationBean<SessionRepositoryFilter<BrowserSession>> sessionFilter(
            BrowserSessions sessions, Standby standby, Issuer issuer) {
        CookieHttpSessionIdResolver cookie = new CookieHttpSessionIdResolver();
        cookie.setCookieSerializer(new SessionCookie(issuer, standby));
        SessionRepositoryFilter<BrowserSession> filter = new SessionRepositoryFilter<>(sessions);
        filter.setHttpSessionIdResolver(cookie);
        FilterRegistrationBean<SessionRepositoryFilter<BrowserSession>> registration =
                new FilterRegistrationBean<>(filter);
        registration.setOrder(SessionRepositoryFilter.DEFAULT_ORDER);
        return registration;
    }

    @Bean
    BrowserInteractions interactions(BrowserSessions sessions) {
        return new BrowserInteractions(sessions);
    }

    @Bean
    LoginSessions loginSessions(
            StringRedisTemplate redis,
            StandbyTable table,
            Standby standby,
            BrowserSessions sessions,
            BrowserInteractions interactions,
            RememberedBrowsers remembered,
            SessionProperties properties,
            ClientAddress clientAddress,
            InstantSource clock,
            SecureRandom random) {
        return new StoredLoginSessions(
                new RedisLoginStore(redis, properties.idleTimeout(), properties.absoluteTimeout(), clock),
                new StandbyLoginStore(table, properties.idleTimeout(), properties.absoluteTimeout(), clock),
                standby,
                sessions,
                interactions,
                remembered,
                properties,
                clientAddress,
                clock,
                random);
    }

    @Bean
    RememberedBrowsers rememberedBrowsers(
            JdbcClient jdbc,
            ServerSecret serverSecret,
            Issuer issuer,
            SessionProperties properties,
            ClientAddress clientAddress,
            InstantSource clock,
            SecureRandom random) {
        RememberedTable table = new RememberedTable(
                jdbc, properties.rememberFor(), properties.rememberIdle(), JdbcRememberedBrowsers.GRACE);
        return new JdbcRememberedBrowsers(
                table, serverSecret, issuer, properties.rememberFor(), clientAddress, clock, random);
    }

    @Bean
    SecurityContextRepository loginSecurityContexts(LoginSessions logins) {
        return new LoginSecurityContexts(logins);
    }

    /** In a cookie, so that a page which nobody has logged in on needs no session. */
    @Bean
    CsrfTokenRepository csrfTokens(Issuer issuer) {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName(SessionCookie.name(issuer, "gatehouse-csrf"));
        tokens.setCookiePath("/");
        tokens.setCookieCustomizer(cookie ->
                cookie.httpOnly(true).secure(SessionCookie.isSecure(issuer)).sameSite("Lax"));
        return tokens;
    }
}
