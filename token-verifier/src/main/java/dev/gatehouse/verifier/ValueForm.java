package dev.gatehouse.verifier;

import org.jspecify.annotations.Nullable;

/** A way to write 128 bits as text: each text of a form stands for one number, and each number has one text. */
enum ValueForm {

    /** As the issuer writes what it draws at random: base64url of 16 bytes, RFC 4648 section 5. */
    BASE64URL {
        @Override
        boolean fits(String text) {
            return isAll(text, 0, 22, BASE64) && (digit(text, 21, BASE64) & 15) == 0;
        }

        @Override
        long high(String text) {
            return (number(text, 0, 10, 6, BASE64) << 4) | (digit(text, 10, BASE64) >> 2);
        }

        @Override
        long low(String text) {
            return ((long) digit(text, 10, BASE64) << 62)
                    | (number(text, 11, 21, 6, BASE64) << 2)
                    | (digit(text, 21, BASE64) >> 4);
        }
    },

    /** A UUID in lower case, as people are named. */
    UUID {
        @Override
        boolean fits(String text) {
            return isAll(text, 0, 8, HEX)
                    && text.charAt(8) == '-'
                    && isAll(text, 9, 13, HEX)
                    && text.charAt(13) == '-'
                    && isAll(text, 14, 18, HEX)
                    && text.charAt(18) == '-'
                    && isAll(text, 19, 23, HEX)
                    && text.charAt(23) == '-'
                    && isAll(text, 24, 36, HEX);
        }

        @Override
        long high(String text) {
            return (number(text, 0, 8, 4, HEX) << 32)
                    | (number(text, 9, 13, 4, HEX) << 16)
                    | number(text, 14, 18, 4, HEX);
        }

        @Override
        long low(String text) {
            return (number(text, 19, 23, 4, HEX) << 48) | number(text, 24, 36, 4, HEX);
        }
    };

    private static final byte[] BASE64 = digits("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private static final byte[] HEX = digits("0123456789abcdef");

    /** Whether a text of the right length is of this form; the numbers of others mean nothing. */
    abstract boolean fits(String text);

    abstract long high(String text);

    abstract long low(String text);

    static @Nullable ValueForm of(String text) {
        ValueForm form = switch (text.length()) {
            case 22 -> BASE64URL;
            case 36 -> UUID;
            default -> null;
        };
        return form != null && form.fits(text) ? form : null;
    }

    private static boolean isAll(String text, int from, int to, byte[] digits) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) >= digits.length || digit(text, i, digits) < 0) {
                return false;
            }
        }
        return true;
    }

    private static long number(String text, int from, int to, int bits, byte[] digits) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = (number << bits) | digit(text, i, digits);
        }
        return number;
    }

    private static int digit(String text, int at, byte[] digits) {
        return digits[text.charAt(at)];
    }

    private static byte[] digits(String alphabet) {
        byte[] digits = new byte[128];
        for (char c = 0; c < digits.length; c++) {
            digits[c] = (byte) alphabet.indexOf(c);
        }
        return digits;
    }
}
