package dev.gatehouse.server.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request as it was before our own proxies, with every forwarded header taken out. */
final class ForwardedRequest extends HttpServletRequestWrapper {
    private static final Set<String> HIDDEN = Set.of(
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-proto",
            "x-forwarded-ssl",
            "x-real-ip");

    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::(\\d{1,5}))?");

    private final String address;

    private final String scheme;

    private final String host;

    private final int port;

    ForwardedRequest(HttpServletRequest request, String address, @Nullable String scheme, @Nullable String host) {
        super(request);
        this.address = address;
        boolean schemeIsForwarded = "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
        this.scheme = scheme != null && schemeIsForwarded ? scheme.toLowerCase(Locale.ROOT) : request.getScheme();
        boolean hostIsForwarded = host != null && HOST.matcher(host).matches();
        Matcher said = HOST.matcher(String.valueOf(hostIsForwarded ? host : request.getHeader("Host")));
        boolean good = said.matches();
        int standard = this.scheme.equals("https") ? 443 : 80;
        int unsaid = schemeIsForwarded || hostIsForwarded ? standard : request.getServerPort();
        this.host = good ? said.group(1) : request.getServerName();
        this.port = good && said.group(2) != null ? Integer.parseInt(said.group(2)) : unsaid;
    }

    @Override
    public String getRemoteAddr() {
        return address;
    }

    @Override
    public String getRemoteHost() {
        return address;
    }

    @Override
    public String getScheme() {
        return scheme;
    }

    @Override
    public boolean isSecure() {
        return scheme.equals("https");
    }

    @Override
    public String getServerName() {
        return host;
    }

    @Override
    public int getServerPort() {
        return port;
    }

    @Override
    public StringBuffer getRequestURL() {
        boolean standard = port == (isSecure() ? 443 : 80);
        return new StringBuffer(scheme + "://" + host + (standard ? "" : ":" + port) + getRequestURI());
    }

    @Override
    public @Nullable String getHeader(String name) {
        return hidden(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return hidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(Collections.list(super.getHeaderNames()).stream()
                .filter(name -> !hidden(name))
                .toList());
    }

    private static boolean hidden(String name) {
        return HIDDEN.contains(name.toLowerCase(Locale.ROOT));
    }
}
