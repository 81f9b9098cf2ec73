package dev.gatehouse.server.backchannel;

import dev.gatehouse.server.web.Network;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which addresses may be called. What a client registers must not make the issuer reach into the network that it stands in: without an
 * allow-list only public addresses are called.
 */
final class Targets {
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

    /** What is not on the public Internet, or leads back from it: the special-purpose registries of IANA, RFC 6890. */
    private static final List<Network> SPECIAL = List.of(
            Network.parse("0.0.0.0/8"),
            Network.parse("10.0.0.0/8"),
            Network.parse("100.64.0.0/10"),
            Network.parse("127.0.0.0/8"),
            Network.parse("169.254.0.0/16"),
            Network.parse("172.16.0.0/12"),
            Network.parse("192.0.0.0/24"),
            Network.parse("192.0.2.0/24"),
            Network.parse("192.88.99.0/24"),
            Network.parse("192.168.0.0/16"),
            Network.parse("198.18.0.0/15"),
            Network.parse("198.51.100.0/24"),
            Network.parse("203.0.113.0/24"),
            Network.parse("224.0.0.0/3"),
            Network.parse("2001::/23"),
            Network.parse("2001:db8::/32"),
            Network.parse("2002::/16"),
            Network.parse("3fff::/20"));

    private static final Network GLOBAL_IPV6 = Network.parse("2000::/3");

    private final List<Network> networks = new ArrayList<>();

    private final List<String> hosts = new ArrayList<>();

    private final boolean onThisMachine;

    /** @param onThisMachine whether the issuer is for this machine only, so that its clients may be here too */
    Targets(List<String> allowed, boolean onThisMachine) {
        this.onThisMachine = onThisMachine;
        for (String target : allowed) {
            if (isHost(target)) {
                hosts.add(target.toLowerCase(Locale.ROOT));
            } else {
                networks.add(Network.parse(target));
            }
        }
    }

    static void check(String target) {
        if (!isHost(target)) {
            try {
                Network.parse(target);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "gatehouse.backchannel.targets: '" + target + "' is neither a host nor a network", e);
            }
        }
    }

    /** A host has a letter at its end; what ends in a digit is an address. */
    private static boolean isHost(String target) {
        String lower = target.toLowerCase(Locale.ROOT);
        return HOST.matcher(lower).matches() && Character.isLetter(lower.charAt(lower.length() - 1));
    }

    /** Whether the URI may be called at this address of its host. */
    boolean allow(URI uri, InetAddress address) {
        if (uri.getScheme().equalsIgnoreCase("http") && !address.isLoopbackAddress()) {
            return false;
        }
        if (networks.isEmpty() && hosts.isEmpty()) {
            return address.isLoopbackAddress() ? onThisMachine : isPublic(address);
        }
        return networks.stream().anyMatch(network -> network.contains(address))
                || (isListed(uri.getHost()) && !isNobodys(address));
    }

    private boolean isListed(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return hosts.stream()
                .anyMatch(
                        listed -> listed.startsWith("*.") ? lower.endsWith(listed.substring(1)) : lower.equals(listed));
    }

    /** No host's own address; a cloud's metadata service is at such a one. */
    private static boolean isNobodys(InetAddress address) {
        return address.isLinkLocalAddress() || address.isAnyLocalAddress() || address.isMulticastAddress();
    }

    private static boolean isPublic(InetAddress address) {
        boolean isIpv4 = address.getAddress().length == 4;
        return (isIpv4 || GLOBAL_IPV6.contains(address))
                && SPECIAL.stream().noneMatch(network -> network.contains(address));
    }
}
