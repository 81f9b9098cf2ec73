package dev.gatehouse.server.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses as text: read without ever asking a name server, written in one form for each address. */
public final class IpAddresses {
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private IpAddresses() {}

    /** The address that a literal names. An IPv4 address mapped into IPv6 is the IPv4 address. */
    public static Optional<InetAddress> parse(String literal) {
        boolean shaped = literal.indexOf(':') < 0
                ? isFourNumbers(literal)
                : IPV6.matcher(literal).matches();
        if (!shaped) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether it is four numbers of one to three digits with dots between: asked several times of every request, so without an expression. */
    private static boolean isFourNumbers(String literal) {
        int dots = 0;
        int digits = 0;
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c == '.' && digits > 0) {
                dots++;
                digits = 0;
            } else if (c < '0' || c > '9' || ++digits > 3) {
                return false;
            }
        }
        return dots == 3 && digits > 0;
    }

    /**
     * Whose address it is, as far as can be told: one IPv4 address, or the IPv6 /64 that a provider gives to one customer at
     * least, who has all its addresses. What is no address stands for itself.
     */
    public static String customer(String address) {
        return network(address, Integer.SIZE, 64);
    }

    /** The neighbourhood of an address: the IPv4 /24, or the IPv6 /48 that one site gets at most. */
    public static String site(String address) {
        return network(address, 24, 48);
    }

    private static String network(String address, int ipv4Bits, int ipv6Bits) {
        return parse(address)
                .map(parsed -> network(parsed, parsed instanceof Inet6Address ? ipv6Bits : ipv4Bits))
                .orElse(address);
    }

    /** The network of this many bits that holds the address, for example {@code 2001:db8:0:0:0:0:0:0/64}. */
    private static String network(InetAddress address, int bits) {
        byte[] masked = mask(address.getAddress(), bits);
        try {
            return InetAddress.getByAddress(masked).getHostAddress() + "/" + bits;
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] mask(byte[] address, int bits) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(bits - 8L * i, 0, 8);
            masked[i] = (byte) (masked[i] & (0xFF << (8 - kept)));
        }
        return masked;
    }
}
