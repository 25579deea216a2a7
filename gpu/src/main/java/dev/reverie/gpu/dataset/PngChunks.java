package dev.reverie.gpu.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Iterates over the chunks of a PNG from {@code IHDR} to {@code IEND}, and checks the length and checksum of each.
 * Ignores what follows the last one.
 */
final class PngChunks {

    private static final int SIGNATURE = 8;
    private static final int TYPE = 4;
    private static final int FRAME = Integer.BYTES + TYPE + Integer.BYTES;
    private static final int HEADER = 13;
    private static final int COLOUR_TYPE = 9; // position in the header
    private static final int BIT_DEPTH = 8; // as above
    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int GREY_WITH_ALPHA = 4;
    private static final int RGB_WITH_ALPHA = 6;

    /** Stored rows that the decoder of the JDK keeps at a time. */
    private static final long ROWS = 3;

    private static final Set<String> PIXELS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

    private final byte[] encoded;
    private final ByteBuffer buffer;
    private final ByteArrayOutputStream kept;
    private boolean grey; // without an alpha channel
    private OptionalInt transparentLevel = OptionalInt.empty();
    private Optional<ExifOrientation> orientation = Optional.empty();

    PngChunks(byte[] encoded) {
        this.encoded = encoded;
        this.buffer = ByteBuffer.wrap(encoded);
        this.kept = new ByteArrayOutputStream(encoded.length);
    }

    CheckedImage read() throws FileFormatException {
        kept.write(encoded, 0, SIGNATURE);
        buffer.position(SIGNATURE);
        if (!next().equals("IHDR") || buffer.position() != SIGNATURE + FRAME + HEADER) {
            throw new FileFormatException("is a damaged PNG: it does not begin with an IHDR chunk; save it again");
        }
        int header = SIGNATURE + Integer.BYTES + TYPE;
        int colourType = encoded[header + COLOUR_TYPE];
        grey = colourType == GREY;
        int width = buffer.getInt(header);
        int height = buffer.getInt(header + Integer.BYTES);
        if (width < 1 || height < 1) {
            throw new FileFormatException("is a damaged PNG: its width or height is 0 or too large; save it again");
        }
        String type;
        do {
            type = next();
        } while (!type.equals("IEND"));
        return new CheckedImage(
                ImageFormat.PNG,
                width,
                height,
                grey || colourType == GREY_WITH_ALPHA,
                Optional.empty(),
                transparentLevel,
                orientation.orElse(ExifOrientation.UPRIGHT),
                ROWS * bytesOfRow(width, colourType, encoded[header + BIT_DEPTH]),
                ByteBuffer.wrap(kept.toByteArray()));
    }

    private static long bytesOfRow(int width, int colourType, int bitDepth) {
        int channels =
                switch (colourType) {
                    case RGB -> 3;
                    case GREY_WITH_ALPHA -> 2;
                    case RGB_WITH_ALPHA -> 4;
                    default -> 1;
                };
        return Math.ceilDiv((long) width * channels * bitDepth, Byte.SIZE);
    }

    private String next() throws FileFormatException {
        int start = buffer.position();
        if (buffer.remaining() < FRAME) {
            throw truncated();
        }
        int length = buffer.getInt();
        if (length < 0 || length > buffer.remaining() - TYPE - Integer.BYTES) {
            throw truncated();
        }
        String type = new String(encoded, buffer.position(), TYPE, StandardCharsets.ISO_8859_1);
        CRC32 checksum = new CRC32();
        checksum.update(encoded, buffer.position(), TYPE + length);
        buffer.position(buffer.position() + TYPE + length);
        if (buffer.getInt() != (int) checksum.getValue()) {
            throw new FileFormatException("is a damaged PNG: the checksum of a chunk does not match; save it again");
        }
        keep(type, start, FRAME + length);
        return type;
    }

    private void keep(String type, int start, int length) throws FileFormatException {
        if (type.equals("eXIf") && orientation.isEmpty()) {
            orientation = ExifOrientation.inTiff(buffer.slice(start + Integer.BYTES + TYPE, length - FRAME));
        } else if (grey && type.equals("tRNS")) {
            readTransparentLevel(start, length);
        } else if (PIXELS.contains(type)) {
            kept.write(encoded, start, length);
        } else if (Character.isUpperCase(type.charAt(0))) { // marks a critical chunk, which a decoder must not ignore
            throw new FileFormatException(
                    "is a PNG with a critical chunk that is not supported; save it again as a plain PNG");
        }
    }

    /** Takes the level out of the image, because ImageIO compares it with levels that are stretched to 8 bits. */
    private void readTransparentLevel(int start, int length) {
        if (length == FRAME + Short.BYTES) {
            transparentLevel = OptionalInt.of(Short.toUnsignedInt(buffer.getShort(start + Integer.BYTES + TYPE)));
        }
    }

    private static FileFormatException truncated() {
        return new FileFormatException("is a truncated PNG: its last chunk, IEND, is missing; supply the whole file");
    }
}
