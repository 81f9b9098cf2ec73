package dev.gatehouse.server.revocation;

import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.keys.SigningKeys;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.session.SessionEndListener;
import dev.gatehouse.server.token.AccessTokenLifetime;
import dev.gatehouse.server.token.AccessTokens;
import dev.gatehouse.server.token.RefreshTokens;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/** Puts the log, its copy in memory, and its two endpoints together. */
@Configuration(proxyBeanMethods = false)
class RevocationConfiguration {
    @Bean
    RevocationReplica revocationReplica(InstantSource clock, RevocationProperties properties, MeterRegistry meters) {
        RevocationReplica replica = new RevocationReplica(clock, properties.skew());
        Gauge.builder(
                        "gatehouse.revocation.age",
                        replica,
                        r -> r.lastBeat().age().toMillis() / 1000.0)
                .description("how old this issuer's knowledge of the revocation log is")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("gatehouse.revocation.rules", replica, r -> r.rules().size())
                .description("revocation rules that this issuer holds")
                .register(meters);
        return replica;
    }

    @Bean
    LogScripts logScripts(InstantSource clock, RevocationProperties properties, AccessTokenLifetime tokens) {
        return new LogScripts(clock, properties.skew(), tokens.longest().plus(properties.skew()));
    }

    @Bean
    LogWriter logWriter(StringRedisTemplate redis, LogScripts scripts) {
        return new LogWriter(redis, scripts);
    }

    @Bean
    OwnEntries ownEntries() {
        return new OwnEntries();
    }

    @Bean
    RuleEffects ruleEffects(
            LoginSessions logins, RefreshTokens refreshTokens, SigningKeys keys, List<SessionEndListener> listeners) {
        return new RuleEffects(logins, refreshTokens, keys, listeners);
    }

    @Bean
    StoredRules storedRules(JdbcClient jdbc, RevocationProperties properties) {
        return new StoredRules(jdbc, properties.skew());
    }

    @Bean
    LogTail logTail(
            LettuceConnectionFactory redis,
            LogScripts scripts,
            RevocationReplica replica,
            OwnEntries own,
            RuleEffects effects,
            StoredRules stored,
            RevocationProperties properties) {
        return new LogTail(
                redis::getRequiredNativeClient, scripts, replica, own, effects, stored, properties.startPatience());
    }

    @Bean
    SignOuts signOuts(
            Accounts accounts,
            LoginSessions sessions,
            Revocations revocations,
            AuditLog auditLog,
            InstantSource clock,
            AccessTokenLifetime tokens) {
        return new SignOuts(accounts, sessions, revocations, auditLog, clock, tokens.longest());
    }

    @Bean
    Revocations revocations(
            LogWriter log,
            RevocationReplica replica,
            OwnEntries own,
            RuleEffects effects,
            StoredRules stored,
            InstantSource clock,
            AccessTokenLifetime tokens,
            RevocationProperties properties,
            MeterRegistry meters) {
        return new LoggedRevocations(
                log, replica, own, effects, stored, clock, tokens.longest(), properties.skew(), meters);
    }

    @Bean
    ResourceServers resourceServers(
            Clients clients, AccessTokens accessTokens, RevocationReplica replica, Issuer issuer) {
        return new ResourceServers(clients, accessTokens, replica, issuer);
    }

    @Bean
    Subscribers subscribers(RevocationReplica replica, RevocationProperties properties, MeterRegistry meters) {
        Subscribers subscribers = new Subscribers(
                properties.mostSubscribers(Runtime.getRuntime().maxMemory()),
                properties.maxSubscribersPerClient(),
                replica.journal());
        Gauge.builder("gatehouse.feed.subscribers", subscribers, Subscribers::count)
                .description("who follows the revocation feed of this issuer")
                .register(meters);
        return subscribers;
    }

    @Bean
    ServletRegistrationBean<FeedServlet> feedServlet(
            RevocationReplica replica,
            SigningKeys keys,
            LogWriter log,
            Subscribers subscribers,
            Acknowledgements acknowledgements,
            InstantSource clock,
            RevocationProperties properties) {
        keys.onChange(replica.journal()::wakeReaders);
        return new ServletRegistrationBean<>(
                new FeedServlet(
                        replica,
                        new KeysEvent(keys),
                        log,
                        subscribers,
                        acknowledgements,
                        clock,
                        properties.longestConnection()),
                "/revocations/feed");
    }

    @Bean
    Acknowledgements acknowledgements(StringRedisTemplate redis) {
        return new Acknowledgements(redis);
    }

    @Bean
    ServletRegistrationBean<AppliedServlet> appliedServlet(Acknowledgements acknowledgements, MeterRegistry meters) {
        Timer latency = Timer.builder("gatehouse.revocation.applied")
                .description("from a rule's writing to its application by a verifier")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        return new ServletRegistrationBean<>(new AppliedServlet(acknowledgements, latency), "/revocations/applied");
    }

    @Bean
    ServletRegistrationBean<ReceiptServlet> receiptServlet(
            Acknowledgements acknowledgements, LogWriter log, RevocationReplica replica) {
        return new ServletRegistrationBean<>(new ReceiptServlet(acknowledgements, log, replica), "/revocations/wait");
    }

    @Bean
    ServletRegistrationBean<SnapshotServlet> snapshotServlet(RevocationReplica replica, LogWriter log, Issuer issuer) {
        return new ServletRegistrationBean<>(new SnapshotServlet(replica, log, issuer), "/revocations/snapshot");
    }

    @Bean
    @Order(10)
    SecurityFilterChain revocationSecurity(HttpSecurity http, ResourceServers resourceServers) {
        return http.securityMatcher("/revocations/**")
                .csrf(csrf -> csrf.disable())
                .logout(logout -> logout.disable())
                .anonymous(anonymous -> anonymous.disable())
                .requestCache(cache -> cache.disable())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .addFilterBefore(new ResourceServerFilter(resourceServers), AuthorizationFilter.class)
                .build();
    }
}
