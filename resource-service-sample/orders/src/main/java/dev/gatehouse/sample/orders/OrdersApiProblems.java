package dev.gatehouse.sample.orders;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.client.RestClientException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** What the API answers instead of a result: problem details (RFC 9457); 503 when it cannot do its work for now. */
@RestControllerAdvice(assignableTypes = OrdersApi.class)
class OrdersApiProblems extends ResponseEntityExceptionHandler {
    @ExceptionHandler
    ResponseEntity<ProblemDetail> noToken(OAuth2AuthorizationException e) {
        return unavailable("the issuer gave no token for inventory");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> noInventory(RestClientException e) {
        return unavailable("inventory did not answer as expected");
    }

    private static ResponseEntity<ProblemDetail> unavailable(String detail) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, detail));
    }
}
