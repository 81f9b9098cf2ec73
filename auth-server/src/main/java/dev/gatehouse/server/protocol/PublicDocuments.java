package dev.gatehouse.server.protocol;

import com.nimbusds.jose.jwk.JWKSet;
import dev.gatehouse.server.keys.SigningKeys;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.filter.CorsFilter;
import tools.jackson.databind.json.JsonMapper;

/** The documents that anybody may read and keep for a while: the metadata, and the keys that verify our tokens. */
@Configuration(proxyBeanMethods = false)
class PublicDocuments {
    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    private static final String OPENID = "/.well-known/openid-configuration";

    private static final String JWKS = "/oauth2/jwks";

    private static final Set<String> PATHS = Set.of(OAUTH, OPENID, JWKS);

    /** How long readers may keep the metadata. */
    private static final Duration METADATA_AGE = Duration.ofMinutes(5);

    /** Made from tables that other replicas change too, so it is written once a second while somebody asks. */
    @Bean
    ServletRegistrationBean<DocumentServlet<Long>> metadataDocument(
            ServerMetadata metadata, JsonMapper json, InstantSource clock) {
        return new ServletRegistrationBean<>(
                new DocumentServlet<>(
                        () -> clock.instant().getEpochSecond(), _ -> metadata.document(), () -> METADATA_AGE, json),
                OAUTH,
                OPENID);
    }

    @Bean
    ServletRegistrationBean<DocumentServlet<JWKSet>> jwksDocument(SigningKeys keys, JsonMapper json) {
        return new ServletRegistrationBean<>(
                new DocumentServlet<>(keys::published, set -> set.toJSONObject(true), keys::maxAge, json), JWKS);
    }

    @Bean
    @Order(25)
    SecurityFilterChain publicDocumentSecurity() {
        return new DefaultSecurityFilterChain(
                request -> PATHS.contains(request.getServletPath()), new CorsFilter(OpenCors.of("GET", "HEAD")));
    }
}
