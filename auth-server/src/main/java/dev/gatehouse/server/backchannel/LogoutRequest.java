package dev.gatehouse.server.backchannel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One POST of a logout token, OpenID Connect Back-Channel Logout section 2.5.
 *
 * <p>It speaks HTTP by itself, and no more of it than it needs: the connection is made to the very address that was checked, which
 * no client of the platform can be told to do, so that a name server cannot lead it elsewhere in between. It follows no redirect, sends
 * no cookie, and of the answer reads the status alone.
 */
final class LogoutRequest {
    private static final int LONGEST_STATUS_LINE = 512;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");

    private final Targets targets;

    private final SSLSocketFactory tls;

    private final Duration timeout;

    LogoutRequest(Targets targets, SSLSocketFactory tls, Duration timeout) {
        this.targets = targets;
        this.tls = tls;
        this.timeout = timeout;
    }

    /** What came of it. */
    sealed interface Outcome {}

    /** The client has ended its session. */
    record Accepted() implements Outcome {}

    /** The client's server gave another answer. */
    record Rejected(int status) implements Outcome {}

    /** There was no answer. */
    record Unreachable(String why) implements Outcome {}

    /** The address is none that we call. */
    record Forbidden() implements Outcome {}

    Outcome send(URI uri, String logoutToken) {
        try {
            for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
                if (targets.allow(uri, address)) {
                    return outcome(post(uri, address, logoutToken));
                }
            }
            return new Forbidden();
        } catch (IOException e) {
            return new Unreachable(e.getClass().getSimpleName());
        }
    }

    /** 200, or 204 by those whose framework makes that of an empty 200. */
    private static Outcome outcome(int status) {
        return status == 200 || status == 204 ? new Accepted() : new Rejected(status);
    }

    private int post(URI uri, InetAddress address, String logoutToken) throws IOException {
        try (Socket connection = new Socket(Proxy.NO_PROXY)) {
            Thread guard = Thread.ofVirtual().start(() -> closeAfterTimeout(connection));
            try {
                connection.connect(new InetSocketAddress(address, port(uri)), Math.toIntExact(timeout.toMillis()));
                return isTls(uri)
                        ? exchange(encrypted(connection, uri), uri, logoutToken)
                        : exchange(connection, uri, logoutToken);
            } finally {
                guard.interrupt();
            }
        }
    }

    /** A server that sends a byte now and then would keep us for ever otherwise. */
    private void closeAfterTimeout(Socket connection) {
        try {
            Thread.sleep(timeout);
            connection.close();
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket encrypted(Socket connection, URI uri) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(connection, uri.getHost(), port(uri), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static int exchange(Socket connection, URI uri, String logoutToken) throws IOException {
        OutputStream out = connection.getOutputStream();
        out.write(message(uri, logoutToken).getBytes(StandardCharsets.US_ASCII));
        out.flush();
        Matcher status = STATUS.matcher(firstLine(connection.getInputStream()));
        if (!status.matches()) {
            throw new InterruptedIOException("no answer in HTTP/1.1");
        }
        return Integer.parseInt(status.group(1));
    }

    private static String message(URI uri, String logoutToken) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String body = "logout_token=" + logoutToken;
        return String.join(
                "\r\n",
                "POST " + path + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()) + " HTTP/1.1",
                "Host: " + uri.getRawAuthority(),
                "User-Agent: gatehouse",
                "Accept: */*",
                "Connection: close",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Length: " + body.length(),
                "",
                body);
    }

    private static String firstLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n' && line.size() < LONGEST_STATUS_LINE) {
            line.write(next);
            next = in.read();
        }
        return line.toString(StandardCharsets.US_ASCII).strip();
    }

    private static boolean isTls(URI uri) {
        return uri.getScheme().equalsIgnoreCase("https");
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return isTls(uri) ? 443 : 80;
    }
}
