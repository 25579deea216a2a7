package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a camera was held: where a viewer shows the stored rows and columns of a photo (tag {@code Orientation} of EXIF
 * 2.3).
 */
record ExifOrientation(int value) {

    static final ExifOrientation UPRIGHT = new ExifOrientation(1);

    private static final byte[] SIGNATURE = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final short LITTLE_ENDIAN = 0x4949;
    private static final short BIG_ENDIAN = 0x4d4d;
    private static final int TIFF_HEADER = 8;
    private static final int TIFF_VERSION = 42;
    private static final int ENTRY = 12;
    private static final int TAG = 0x0112;
    private static final int TYPE_SHORT = 3;
    private static final int MAX_VALUE = 8;

    /**
     * Reads the orientation in an APP1 segment of a JPEG. Reads each byte at most once, whatever the segment says.
     *
     * @return the orientation; empty if the segment is not EXIF, or is damaged, or gives no valid orientation
     */
    static Optional<ExifOrientation> in(byte[] segment) {
        if (!Arrays.equals(segment, 0, Math.min(SIGNATURE.length, segment.length), SIGNATURE, 0, SIGNATURE.length)) {
            return Optional.empty();
        }
        return inTiff(ByteBuffer.wrap(segment, SIGNATURE.length, segment.length - SIGNATURE.length)
                .slice());
    }

    /** Reads the orientation in EXIF data without their signature, as a PNG has them, or in a TIFF file. */
    static Optional<ExifOrientation> inTiff(ByteBuffer tiff) {
        if (tiff.remaining() < TIFF_HEADER) {
            return Optional.empty();
        }
        short order = tiff.getShort();
        if (order != LITTLE_ENDIAN && order != BIG_ENDIAN) {
            return Optional.empty();
        }
        tiff.order(order == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return tiff.getShort() == TIFF_VERSION ? inDirectory(tiff, tiff.getInt()) : Optional.empty();
    }

    /** Searches the directory of tags that begins at an offset. */
    private static Optional<ExifOrientation> inDirectory(ByteBuffer tiff, int offset) {
        if (offset < TIFF_HEADER || offset > tiff.limit() - Short.BYTES) {
            return Optional.empty();
        }
        tiff.position(offset);
        int entries = Short.toUnsignedInt(tiff.getShort());
        for (int i = 0; i < entries && tiff.remaining() >= ENTRY; i++) {
            ByteBuffer entry = tiff.slice(tiff.position(), ENTRY).order(tiff.order());
            tiff.position(tiff.position() + ENTRY);
            if (entry.getShort() == TAG && entry.getShort() == TYPE_SHORT && entry.getInt() == 1) {
                return Optional.of(Short.toUnsignedInt(entry.getShort()))
                        .filter(value -> value >= 1 && value <= MAX_VALUE)
                        .map(ExifOrientation::new);
            }
        }
        return Optional.empty();
    }

    /** Returns the image as a viewer shows it. */
    Image apply(Image image) {
        if (equals(UPRIGHT)) {
            return image;
        }
        ImageShape stored = image.shape();
        ImageShape shown = isTransposed()
                ? new ImageShape(stored.channels(), /* height= */ stored.width(), /* width= */ stored.height())
                : stored;
        byte[] pixels = new byte[stored.size()];
        for (int i = 0; i < pixels.length; i++) {
            int place = i % shown.planeSize();
            pixels[i] = (byte) image.level(i - place + source(place / shown.width(), place % shown.width(), stored));
        }
        return Image.of(shown, pixels);
    }

    /** The place in a stored channel of the pixel that is shown in a row and column. */
    private int source(int row, int column, ImageShape stored) {
        int storedRow = isTransposed() ? column : row;
        int storedColumn = isTransposed() ? row : column;
        boolean upsideDown = value == 3 || value == 4 || value == 6 || value == 7;
        boolean mirrored = value == 2 || value == 3 || value == 7 || value == 8;
        return (upsideDown ? stored.height() - 1 - storedRow : storedRow) * stored.width()
                + (mirrored ? stored.width() - 1 - storedColumn : storedColumn);
    }

    private boolean isTransposed() {
        return value >= 5;
    }
}
