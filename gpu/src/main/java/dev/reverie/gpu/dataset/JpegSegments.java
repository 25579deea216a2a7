package dev.reverie.gpu.dataset;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/** Iterates over the segments of a JPEG and the scans between them, from the first marker to the last. */
final class JpegSegments {

    /**
     * Encoders write about ten scans for a progressive image, and at most 16. A scan can be only a few bytes long, but
     * costs the decoder a pass over the whole image, so the number of scans is limited.
     */
    private static final int MAX_SCANS = 20;

    private static final int PREFIX = 0xff;
    private static final int START = 0xd8;
    private static final int END = 0xd9;
    private static final int SCAN = 0xda;
    private static final int FIRST_RESTART = 0xd0;
    private static final int LAST_RESTART = 0xd7;
    private static final int JFIF = 0xe0;
    private static final int EXIF = 0xe1;
    private static final int ADOBE = 0xee; // declares the colour space of the samples
    private static final int LAST_APPLICATION = 0xef;
    private static final int COMMENT = 0xfe;
    private static final int FRAME_SIZE = 6;
    private static final int GREY = 1;
    private static final int COLOUR = 3;

    /** What a frame header says about the image; sizes in pixels. */
    private record Frame(int height, int width, int channels) {}

    private final byte[] encoded;
    private final ByteArrayOutputStream kept;
    private int position = 2; // after the start-of-image marker
    private int scans;
    private Optional<Frame> frame = Optional.empty();
    private Optional<ExifOrientation> orientation = Optional.empty();

    JpegSegments(byte[] encoded) {
        this.encoded = encoded;
        this.kept = new ByteArrayOutputStream(encoded.length);
    }

    SanitisedImage read() throws ImageFormatException {
        kept.write(encoded, 0, position);
        for (int marker = marker(); marker != END; marker = marker()) {
            segment(marker);
        }
        kept.write(PREFIX);
        kept.write(END);
        if (position < encoded.length) {
            throw new ImageFormatException("is a damaged JPEG: data follows its EOI marker; save it again");
        }
        Frame found = frame.orElseThrow(
                () -> new ImageFormatException("is a damaged JPEG: it has no frame header; save it again"));
        if (scans == 0) {
            throw new ImageFormatException("is a damaged JPEG: it has no scan; save it again");
        }
        return new SanitisedImage(
                found.width(),
                found.height(),
                found.channels() == GREY,
                orientation.orElse(ExifOrientation.UPRIGHT),
                kept.toByteArray());
    }

    private int marker() throws ImageFormatException {
        if (at(position) != PREFIX) {
            throw new ImageFormatException("is a damaged JPEG: a segment does not begin with a marker; save it again");
        }
        while (at(position) == PREFIX) { // a marker may be padded
            position++;
        }
        return at(position++);
    }

    private void segment(int marker) throws ImageFormatException {
        if (marker == 0 || marker == 1 || (marker >= FIRST_RESTART && marker <= START)) {
            throw new ImageFormatException("is a damaged JPEG: a segment does not begin with a marker; save it again");
        }
        int start = position;
        int length = twoBytes(start);
        if (length < 2) {
            throw new ImageFormatException("is a damaged JPEG: the length of a segment is invalid; save it again");
        }
        at(start + length - 1);
        if (isFrame(marker)) {
            frame(start, length);
        }
        if (marker == EXIF && orientation.isEmpty()) {
            orientation = ExifOrientation.in(Arrays.copyOfRange(encoded, start + 2, start + length));
        }
        position = start + length;
        if (marker == SCAN) {
            scan();
        }
        if (makesPixels(marker)) {
            kept.write(PREFIX);
            kept.write(marker);
            kept.write(encoded, start, position - start);
        }
    }

    private void frame(int start, int length) throws ImageFormatException {
        if (frame.isPresent() || length < 2 + FRAME_SIZE) {
            throw new ImageFormatException(
                    "is a damaged JPEG: it has more than one frame header, or an incomplete one; save it again");
        }
        int height = twoBytes(start + 3);
        int width = twoBytes(start + 5);
        if (width == 0 || height == 0) {
            throw new ImageFormatException("is a damaged JPEG: its width or height is 0; save it again");
        }
        int channels = at(start + 7);
        if (channels != GREY && channels != COLOUR) {
            throw new ImageFormatException(
                    "has " + channels + " channels, which suggests CMYK: save it as grey or RGB");
        }
        frame = Optional.of(new Frame(height, width, channels));
    }

    /** Skips the data of a scan up to the next marker, including stuffed bytes and restart markers. */
    private void scan() throws ImageFormatException {
        if (++scans > MAX_SCANS) {
            throw new ImageFormatException("has more than " + MAX_SCANS + " scans: save it again with fewer scans");
        }
        while (at(position) != PREFIX || continues(at(position + 1))) {
            position++;
        }
    }

    private static boolean continues(int next) {
        return next == 0 || next == PREFIX || (next >= FIRST_RESTART && next <= LAST_RESTART);
    }

    /**
     * Recognises the start-of-frame markers of all codings; the excluded markers in this range define tables or are
     * reserved.
     */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private static boolean makesPixels(int marker) {
        boolean application = marker >= JFIF && marker <= LAST_APPLICATION;
        return marker != COMMENT && (!application || marker == JFIF || marker == ADOBE);
    }

    private int twoBytes(int index) throws ImageFormatException {
        return at(index) << Byte.SIZE | at(index + 1);
    }

    private int at(int index) throws ImageFormatException {
        if (index >= encoded.length) {
            throw new ImageFormatException(
                    "is a truncated JPEG: its last marker, EOI, is missing; supply the whole file");
        }
        return Byte.toUnsignedInt(encoded[index]);
    }
}
