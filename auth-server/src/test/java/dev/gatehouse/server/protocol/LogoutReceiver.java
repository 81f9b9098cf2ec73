package dev.gatehouse.server.protocol;

import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.server.Invariants;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client's back-channel logout endpoint: it believes a token only after all of section 2.6 of the specification. */
final class LogoutReceiver implements AutoCloseable {
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private final HttpServer server;

    private final String issuer;

    private final String clientId;

    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    private final BlockingQueue<JWTClaimsSet> believed = new LinkedBlockingQueue<>();

    private LogoutReceiver(HttpServer server, String issuer, String clientId) {
        this.server = server;
        this.issuer = issuer;
        this.clientId = clientId;
    }

    static LogoutReceiver start(int port, String issuer, String clientId) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        LogoutReceiver receiver = new LogoutReceiver(server, issuer, clientId);
        server.createContext("/logged-out", receiver::handle);
        server.start();
        return receiver;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        try {
            String token = Browser.parameters("http://x/?" + form).getOrDefault("logout_token", "");
            Invariants.keepSecret(token);
            believed.add(verified(token));
            exchange.sendResponseHeaders(200, -1);
        } catch (Exception e) {
            exchange.sendResponseHeaders(400, -1);
        } finally {
            exchange.close();
        }
    }

    private JWTClaimsSet verified(String token) throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        JWKSet keys = JWKSet.load(URI.create(issuer + "/oauth2/jwks").toURL());
        JWSVerifier verifier = new RSASSAVerifier(
                keys.getKeyByKeyId(jwt.getHeader().getKeyID()).toRSAKey());
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        Instant now = Instant.now();
        check(jwt.verify(verifier), "signature");
        check("logout+jwt".equals(jwt.getHeader().getType().getType()), "typ");
        check(issuer.equals(claims.getIssuer()), "iss");
        check(claims.getAudience().equals(List.of(clientId)), "aud");
        check(!claims.getIssueTime().toInstant().isAfter(now), "iat");
        check(claims.getExpirationTime().toInstant().isAfter(now), "exp");
        check(
                !claims.getExpirationTime()
                        .toInstant()
                        .isAfter(claims.getIssueTime().toInstant().plusSeconds(120)),
                "lifetime");
        check(Map.of(EVENT, Map.of()).equals(claims.getClaim("events")), "events");
        check(claims.getClaim("nonce") == null, "nonce");
        check(claims.getSubject() != null && claims.getStringClaim("sid") != null, "sub and sid");
        check(seen.add(claims.getJWTID()), "jti");
        return claims;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }

    /** The next token that was believed. */
    JWTClaimsSet await() throws InterruptedException {
        JWTClaimsSet claims = believed.poll(20, TimeUnit.SECONDS);
        if (claims == null) {
            throw new AssertionError("no logout token came");
        }
        return claims;
    }

    int count() {
        return seen.size();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
