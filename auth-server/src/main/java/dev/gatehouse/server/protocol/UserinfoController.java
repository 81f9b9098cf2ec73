package dev.gatehouse.server.protocol;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.revocation.RevocationRules;
import dev.gatehouse.server.token.AccessTokenClaims;
import dev.gatehouse.server.token.AccessTokens;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** The userinfo endpoint, OpenID Connect Core section 5.3: for any access token of ours with the scope {@code openid}. */
@RestController
final class UserinfoController {
    static final String PATH = "/userinfo";

    private final AccessTokens accessTokens;

    private final RevocationRules rules;

    private final Accounts accounts;

    private final MeterRegistry meters;

    UserinfoController(AccessTokens accessTokens, RevocationRules rules, Accounts accounts, MeterRegistry meters) {
        this.accessTokens = accessTokens;
        this.rules = rules;
        this.accounts = accounts;
        this.meters = meters;
    }

    @RequestMapping(
            path = PATH,
            method = {RequestMethod.GET, RequestMethod.POST})
    ResponseEntity<Map<String, Object>> userinfo(HttpServletRequest request) {
        try {
            Optional<Secret> token = BearerToken.of(request);
            return token.isEmpty()
                    ? withoutToken()
                    : ResponseEntity.ok()
                            .contentType(MediaType.APPLICATION_JSON)
                            .cacheControl(CacheControl.noStore())
                            .body(claims(token.get()));
        } catch (OAuthException refusal) {
            return refused(refusal);
        }
    }

    private Map<String, Object> claims(Secret token) {
        if (!rules.isCurrent()) {
            throw new OAuthException(OAuthError.TEMPORARILY_UNAVAILABLE, "the revocation log is out of reach");
        }
        AccessTokenClaims claims = accessTokens
                .read(token.value())
                .filter(read -> !rules.refuses(read))
                .orElseThrow(UserinfoController::invalidToken);
        Account person = accounts.findById(claims.subject())
                .filter(Account::enabled)
                .orElseThrow(UserinfoController::invalidToken);
        if (!claims.scopes().contains("openid")) {
            throw new OAuthException(OAuthError.INSUFFICIENT_SCOPE, "the token lacks the scope openid");
        }
        return StandardClaims.of(person, claims.scopes());
    }

    private static OAuthException invalidToken() {
        return new OAuthException(OAuthError.INVALID_TOKEN, "the token is not good, or has expired, or is revoked");
    }

    /** RFC 6750 section 3: who shows no token is not told of an error. */
    private static ResponseEntity<Map<String, Object>> withoutToken() {
        return ResponseEntity.status(HttpStatus.UNAUTHORIZED)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .cacheControl(CacheControl.noStore())
                .build();
    }

    private ResponseEntity<Map<String, Object>> refused(OAuthException refusal) {
        String code = refusal.error().code();
        meters.counter("gatehouse.refusals", "endpoint", "userinfo", "error", code)
                .increment();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", code);
        body.put("error_description", refusal.description());
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status(refusal.error()))
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore());
        if (refusal.error() == OAuthError.TEMPORARILY_UNAVAILABLE) {
            answer.header(HttpHeaders.RETRY_AFTER, "1");
        } else {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, challenge(refusal));
        }
        return answer.body(body);
    }

    private static HttpStatus status(OAuthError error) {
        return switch (error) {
            case INVALID_TOKEN -> HttpStatus.UNAUTHORIZED;
            case INSUFFICIENT_SCOPE -> HttpStatus.FORBIDDEN;
            case TEMPORARILY_UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
            default -> HttpStatus.BAD_REQUEST;
        };
    }

    private static String challenge(OAuthException refusal) {
        String challenge = "Bearer error=\"%s\", error_description=\"%s\""
                .formatted(refusal.error().code(), refusal.description());
        return refusal.error() == OAuthError.INSUFFICIENT_SCOPE ? challenge + ", scope=\"openid\"" : challenge;
    }
}
