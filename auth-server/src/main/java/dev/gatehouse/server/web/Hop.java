package dev.gatehouse.server.web;

import dev.gatehouse.server.web.WebProperties.ForwardedHeader;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What one proxy says about the request that reached it: the address it came from, the scheme and host it was for. */
record Hop(
        @Nullable String node,
        @Nullable String scheme,
        @Nullable String host) {
    // Possessive throughout: no input makes these backtrack or recurse.
    private static final Pattern PAIR =
            Pattern.compile("\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(\"((?:[^\"\\\\]++|\\\\.)*+)\"|[^;,\"\\s]*+)\\s*");

    private static final Pattern ELEMENT = Pattern.compile("(?:\"(?:[^\"\\\\]++|\\\\.)*+\"|[^,\"]++)++|\"");

    /** What the proxies wrote, the last of them first. */
    static List<Hop> nearestFirst(HttpServletRequest request, ForwardedHeader header) {
        List<Hop> hops = header == ForwardedHeader.FORWARDED ? forwarded(request) : xForwarded(request);
        Collections.reverse(hops);
        return hops;
    }

    private static List<Hop> xForwarded(HttpServletRequest request) {
        List<String> nodes = list(request, "X-Forwarded-For");
        List<String> schemes = list(request, "X-Forwarded-Proto");
        List<String> hosts = list(request, "X-Forwarded-Host");
        List<String> ports = list(request, "X-Forwarded-Port");
        List<Hop> hops = new ArrayList<>();
        if (nodes.isEmpty() && !(schemes.isEmpty() && hosts.isEmpty())) {
            nodes = List.of("unknown");
        }
        for (int i = 0; i < nodes.size(); i++) {
            String host = aligned(hosts, nodes, i);
            String port = aligned(ports, nodes, i);
            boolean portIsApart = host != null && port != null && port.matches("\\d{1,5}") && !host.matches(".*:\\d+");
            hops.add(new Hop(nodes.get(i), aligned(schemes, nodes, i), portIsApart ? host + ":" + port : host));
        }
        return hops;
    }

    /** A list with one entry a hop is read hop by hop; of any other only the last entry is our nearest proxy's own. */
    private static @Nullable String aligned(List<String> values, List<String> nodes, int index) {
        if (values.isEmpty()) {
            return null;
        }
        return values.size() == nodes.size() ? values.get(index) : values.getLast();
    }

    private static List<String> list(HttpServletRequest request, String header) {
        List<String> values = new ArrayList<>();
        for (String line : Collections.list(request.getHeaders(header))) {
            for (String value : line.split(",", -1)) {
                values.add(value.strip());
            }
        }
        return values;
    }

    private static List<Hop> forwarded(HttpServletRequest request) {
        List<Hop> hops = new ArrayList<>();
        for (String line : Collections.list(request.getHeaders("Forwarded"))) {
            Matcher element = ELEMENT.matcher(line);
            while (element.find()) {
                hops.add(element(element.group()));
            }
        }
        return hops;
    }

    private static Hop element(String text) {
        Map<String, String> pairs = new HashMap<>();
        Matcher pair = PAIR.matcher(text);
        while (pair.find()) {
            String value = pair.group(3) != null ? pair.group(3).replaceAll("\\\\(.)", "$1") : pair.group(2);
            pairs.put(pair.group(1).toLowerCase(Locale.ROOT), value);
        }
        return new Hop(pairs.get("for"), pairs.get("proto"), pairs.get("host"));
    }

    /** The address in the node: {@code 192.0.2.1}, {@code 192.0.2.1:443}, {@code 2001:db8::1} or {@code [2001:db8::1]:443}. */
    Optional<InetAddress> address() {
        if (node == null) {
            return Optional.empty();
        }
        String bare = node;
        int colon = bare.indexOf(':');
        if (bare.startsWith("[")) {
            bare = bare.replaceFirst("^\\[([^\\]]*)\\](:\\d{1,5})?$", "$1");
        } else if (colon >= 0 && colon == bare.lastIndexOf(':')) {
            bare = bare.replaceFirst(":\\d{1,5}$", "");
        }
        return IpAddresses.parse(bare);
    }
}
