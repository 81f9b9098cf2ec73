package dev.gatehouse.benchmarks;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.Executors;

/**
 * The least that a token can cost on this machine: the JDK's web server, one comparison of a client's secret and one RS256
 * signature, by the JDK or by Amazon's provider. No authorization server: it knows one client, stores nothing and logs nothing.
 */
final class SigningFloor {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private static final String HEADER = part("{\"kid\":\"floor\",\"typ\":\"at+jwt\",\"alg\":\"RS256\"}");

    private final PrivateKey key;

    private final byte[] credentials;

    private final byte[] keySet;

    private SigningFloor(KeyPair keys, String client) throws GeneralSecurityException {
        this.key = (PrivateKey) KeyFactory.getInstance("RSA").translateKey(keys.getPrivate());
        this.credentials = bytes("Basic " + Base64.getEncoder().encodeToString(bytes(client)));
        byte[] modulus = ((RSAPublicKey) keys.getPublic()).getModulus().toByteArray();
        this.keySet = bytes(
                "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"floor\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":\""
                        + BASE64URL.encodeToString(Arrays.copyOfRange(modulus, 1, modulus.length)) + "\"}]}");
    }

    /** Takes the port, the client as {@code id:secret}, and {@code amazon} or {@code jdk}. */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        if (arguments[2].equals("amazon")) {
            AmazonCorrettoCryptoProvider.install();
            AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
        }
        System.setProperty("sun.net.httpserver.nodelay", "true");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        SigningFloor floor = new SigningFloor(generator.generateKeyPair(), arguments[1]);
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        HttpServer server = HttpServer.create(address, 512);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/token", floor::token);
        server.createContext("/jwks", exchange -> answer(exchange, 200, floor.keySet));
        server.start();
    }

    private void token(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        String presented = exchange.getRequestHeaders().getFirst("Authorization");
        if (presented == null
                || !MessageDigest.isEqual(credentials, bytes(presented))
                || !form.contains("grant_type=client_credentials")) {
            answer(exchange, 401, new byte[0]);
            return;
        }
        try {
            answer(
                    exchange,
                    200,
                    bytes("{\"access_token\":\"" + signed() + "\",\"token_type\":\"Bearer\",\"expires_in\":300}"));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private String signed() throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String claims =
                "{\"iss\":\"http://127.0.0.1\",\"sub\":\"bench\",\"aud\":\"https://bench.example\",\"client_id\":\"bench\","
                        + "\"scope\":\"bench\",\"iat\":" + now + ",\"exp\":" + (now + 300) + ",\"jti\":\""
                        + UUID.randomUUID() + "\"}";
        String input = HEADER + "." + part(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(bytes(input));
        return input + "." + BASE64URL.encodeToString(signature.sign());
    }

    private static String part(String json) {
        return BASE64URL.encodeToString(bytes(json));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
