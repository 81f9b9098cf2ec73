package dev.gatehouse.sample.orders;

import static org.springframework.security.oauth2.client.web.client.RequestAttributePrincipalResolver.principal;

import java.util.List;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.server.ResponseStatusException;

/** The inventory service as orders sees it. */
@Component
class Inventory {
    private static final ParameterizedTypeReference<List<Line>> LINES = new ParameterizedTypeReference<>() {};

    private static final String REVOKED_MEANWHILE = "The token was revoked a moment ago";

    private final RestClient asOurselves;

    private final RestClient forTheCaller;

    Inventory(RestClient inventoryAsOurselves, RestClient inventoryForTheCaller) {
        this.asOurselves = inventoryAsOurselves;
        this.forTheCaller = inventoryForTheCaller;
    }

    /** What is in stock, asked with this service's own token. */
    List<Line> stock() {
        try {
            return fetchStock();
        } catch (HttpClientErrorException.Unauthorized _) {
            // Our token was revoked: it is forgotten by now, and the second call gets a new one.
            return fetchStock();
        }
    }

    private List<Line> fetchStock() {
        List<Line> lines = asOurselves.get().uri("/stock").retrieve().body(LINES);
        return lines == null ? List.of() : lines;
    }

    /** Reserves stock on behalf of the caller, with a token that is exchanged for the caller's. */
    void reserve(Order.Request wanted, Jwt caller) {
        try {
            forTheCaller
                    .post()
                    .uri("/reservations")
                    .attributes(principal(new JwtAuthenticationToken(caller)))
                    .body(wanted)
                    .retrieve()
                    .toBodilessEntity();
        } catch (HttpClientErrorException.NotFound _) {
            throw new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT, "no such item");
        } catch (HttpClientErrorException.Conflict _) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "not enough in stock");
        } catch (HttpClientErrorException.Unauthorized _) {
            throw new InvalidBearerTokenException(REVOKED_MEANWHILE);
        } catch (ClientAuthorizationException e) {
            // RFC 8693 section 2.2.2: what a token endpoint says about a subject token that is not valid any more.
            if (OAuth2ErrorCodes.INVALID_REQUEST.equals(e.getError().getErrorCode())) {
                throw new InvalidBearerTokenException(REVOKED_MEANWHILE);
            }
            throw e;
        }
    }

    record Line(String item, int available) {}
}
