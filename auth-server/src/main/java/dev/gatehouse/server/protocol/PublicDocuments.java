package dev.gatehouse.server.protocol;

import dev.gatehouse.server.keys.SigningKeys;
import java.time.Duration;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** The documents that anybody may read and keep for a while: the metadata, and the keys that verify our tokens. */
@RestController
class PublicDocuments {
    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    private static final String OPENID = "/.well-known/openid-configuration";

    private static final String JWKS = "/oauth2/jwks";

    /** How long readers may keep the metadata. */
    private static final Duration METADATA_AGE = Duration.ofMinutes(5);

    private final ServerMetadata metadata;

    private final SigningKeys keys;

    private final JsonMapper json;

    PublicDocuments(ServerMetadata metadata, SigningKeys keys, JsonMapper json) {
        this.metadata = metadata;
        this.keys = keys;
        this.json = json;
    }

    @GetMapping({OAUTH, OPENID})
    ResponseEntity<byte[]> metadata() {
        return document(metadata.document(), METADATA_AGE);
    }

    @GetMapping(JWKS)
    ResponseEntity<byte[]> jwks() {
        return document(keys.published().toJSONObject(true), keys.maxAge());
    }

    /** With a strong ETag, so that a reader who asks again is told 304. */
    private ResponseEntity<byte[]> document(Map<String, Object> members, Duration maxAge) {
        byte[] body = json.writeValueAsBytes(members);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.maxAge(maxAge).cachePublic())
                .eTag(DigestUtils.md5DigestAsHex(body))
                .body(body);
    }

    @Configuration(proxyBeanMethods = false)
    static class Security {
        @Bean
        @Order(25)
        SecurityFilterChain publicDocumentSecurity(HttpSecurity http) {
            return http.securityMatcher(OAUTH, OPENID, JWKS)
                    .cors(cors -> cors.configurationSource(OpenCors.of("GET", "HEAD")))
                    .csrf(AbstractHttpConfigurer::disable)
                    .headers(headers -> headers.cacheControl(cache -> cache.disable()))
                    .requestCache(AbstractHttpConfigurer::disable)
                    .logout(AbstractHttpConfigurer::disable)
                    .anonymous(AbstractHttpConfigurer::disable)
                    .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }
}
