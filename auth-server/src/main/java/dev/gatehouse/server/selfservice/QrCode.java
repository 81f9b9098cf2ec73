package dev.gatehouse.server.selfservice;

import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A QR code as one path of an SVG.
 *
 * @param size how many modules it is wide and high, its quiet zone included
 */
record QrCode(int size, String path) {
    private static final int QUIET = 4;

    static QrCode of(String text) {
        try {
            ByteMatrix matrix = Encoder.encode(
                            text,
                            ErrorCorrectionLevel.M,
                            Map.of(EncodeHintType.CHARACTER_SET, StandardCharsets.UTF_8.name()))
                    .getMatrix();
            return new QrCode(matrix.getWidth() + 2 * QUIET, path(matrix));
        } catch (WriterException e) {
            throw new IllegalArgumentException("too long for a QR code", e);
        }
    }

    /** Each run of dark modules in a row is one rectangle. */
    private static String path(ByteMatrix matrix) {
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < matrix.getHeight(); y++) {
            for (int x = 0; x < matrix.getWidth(); x++) {
                int length = 0;
                while (x + length < matrix.getWidth() && matrix.get(x + length, y) == 1) {
                    length++;
                }
                if (length > 0) {
                    path.append(String.format("M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, length, length));
                    x += length;
                }
            }
        }
        return path.toString();
    }

    public String viewBox() {
        return "0 0 " + size + " " + size;
    }
}
