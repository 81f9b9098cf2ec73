package dev.gatehouse.server.web;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * A block of IP addresses, RFC 4632: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
 *
 * @param network the lowest address of the block
 * @param bits the length of its prefix
 */
public record Network(InetAddress network, int bits) {
    /**
     * The block that a text names.
     *
     * @throws IllegalArgumentException when the text is neither a network nor an address
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an IP address or network"));
        int length = network.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? length : bits(text, text.substring(slash + 1), length);
        if (!Arrays.equals(IpAddresses.mask(network.getAddress(), bits), network.getAddress())) {
            throw new IllegalArgumentException("'" + text + "' has bits set beyond its prefix");
        }
        return new Network(network, bits);
    }

    private static int bits(String text, String suffix, int length) {
        if (!suffix.matches("\\d{1,3}") || Integer.parseInt(suffix) > length) {
            throw new IllegalArgumentException("'" + text + "' has no prefix length between 0 and " + length);
        }
        return Integer.parseInt(suffix);
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == network.getAddress().length
                && Arrays.equals(IpAddresses.mask(bytes, bits), network.getAddress());
    }
}
