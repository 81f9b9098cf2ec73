package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.TokenVerifier;
import dev.gatehouse.verifier.TokenVerifierBuilder;
import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** The token verifier, and a {@link JwtDecoder} in its name in place of Spring Boot's. */
@AutoConfiguration(before = OAuth2ResourceServerAutoConfiguration.class)
@ConditionalOnProperty(name = "gatehouse.verifier.enabled", matchIfMissing = true)
@EnableConfigurationProperties(GatehouseVerifierProperties.class)
public final class GatehouseVerifierAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TokenVerifier gatehouseTokenVerifier(GatehouseVerifierProperties properties, ObjectProvider<SslBundles> bundles) {
        TokenVerifierBuilder builder = TokenVerifier.forIssuer(
                        required("issuer", properties.issuer()), required("audience", properties.audience()))
                .credentials(
                        required("client-id", properties.clientId()),
                        required("client-secret", properties.clientSecret()))
                .allowPlainHttp(properties.allowPlainHttp())
                .algorithms(properties.algorithms().toArray(String[]::new))
                .nativeCrypto(properties.nativeCrypto())
                .clockSkew(properties.clockSkew())
                .stalenessBound(properties.stalenessBound())
                .stalenessPolicy(properties.stalenessPolicy())
                .introspectionTimeout(properties.introspectionTimeout())
                .unknownKeyCoolDown(properties.unknownKeyCoolDown())
                .maxTokenLength(Math.toIntExact(properties.maxTokenSize().toBytes()))
                .cacheSize(properties.cacheSize().toBytes());
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::issuerLocation).to(builder::issuerLocation);
        map.from(properties::instance).to(builder::instance);
        map.from(properties::jwkSetUri).to(builder::jwkSetUri);
        map.from(properties::sslBundle)
                .as(name -> trusting(bundles.getObject().getBundle(name)))
                .to(builder::httpClient);
        return builder.start();
    }

    @Bean
    @ConditionalOnMissingBean(JwtDecoder.class)
    JwtDecoder gatehouseJwtDecoder(TokenVerifier verifier, CurrentPolicy policy) {
        return new GatehouseJwtDecoder(verifier, policy);
    }

    @Bean
    CurrentPolicy gatehouseCurrentPolicy(GatehouseVerifierProperties properties) {
        return new CurrentPolicy(properties.stalenessPolicy());
    }

    private static String required(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("gatehouse.verifier." + name + " must be set");
        }
        return value;
    }

    private static HttpClient trusting(SslBundle bundle) {
        return TokenVerifierBuilder.defaultClient()
                .sslContext(bundle.createSslContext())
                .build();
    }
}
