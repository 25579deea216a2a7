package dev.reverie.gpu.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Iterates over the segments of a JPEG and the scans between them, from the first marker to the last. Ignores what
 * follows the last one, such as the film of a motion photo. A file that ends within a scan gets the last marker, and
 * its decoder tells whether pixels are missing.
 */
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
    private static final int FRAME_SIZE = 8;
    private static final int FRAME_COMPONENT_SIZE = 3;
    private static final int SCAN_SIZE = 6;
    private static final int SCAN_COMPONENT_SIZE = 2;
    private static final int ADOBE_SIZE = 14;
    private static final byte[] ADOBE_NAME = {'A', 'd', 'o', 'b', 'e'};
    private static final int LAST_COEFFICIENT = 63;
    private static final int GREY = 1;
    private static final Set<Integer> CHANNELS = Set.of(GREY, 3, PrintColours.CHANNELS);
    private static final List<Integer> RGB = List.of((int) 'R', (int) 'G', (int) 'B');

    /** The header of a JFIF file, which declares that three components are YCbCr. */
    private static final byte[] YCBCR = HexFormat.of().parseHex("ffe000104a46494600010100000100010000");

    /**
     * What a frame header says about the image; sizes in pixels.
     *
     * @param samplesPerPixel number of samples of all components for a pixel, less than one each if some are coarser
     */
    private record Frame(int height, int width, boolean progressive, List<Integer> components, double samplesPerPixel) {

        /** Memory for the coefficients of all samples, which several scans need until the last one has been read. */
        long coefficientBytes() {
            return (long) (Short.BYTES * samplesPerPixel * width * height);
        }
    }

    private final byte[] encoded;
    private final ByteArrayOutputStream kept;
    private int position = 2; // after the start-of-image marker
    private int scans;
    private boolean adobe;
    private PrintColours colours = PrintColours.INKS;
    private final Set<Integer> firstCoefficients = new HashSet<>(); // the components that have them to full precision
    private final Set<Integer> lastCoefficients = new HashSet<>();
    private Optional<Frame> frame = Optional.empty();
    private Optional<ExifOrientation> orientation = Optional.empty();

    JpegSegments(byte[] encoded) {
        this.encoded = encoded;
        this.kept = new ByteArrayOutputStream(encoded.length);
    }

    CheckedImage read() throws FileFormatException {
        kept.write(encoded, 0, position);
        for (int marker = marker(); marker != END; marker = marker()) {
            segment(marker);
        }
        kept.write(PREFIX);
        kept.write(END);
        Frame found = frame.orElseThrow(JpegSegments::withoutFrame);
        // The standard lets an encoder omit details, but a file without them is far more often a cut one.
        if (!firstCoefficients.containsAll(found.components()) || !lastCoefficients.containsAll(found.components())) {
            throw new FileFormatException(
                    "is an incomplete JPEG: its scans omit some details; supply the whole file, or save it again");
        }
        return new CheckedImage(
                ImageFormat.JPEG,
                found.width(),
                found.height(),
                found.components().size() == GREY,
                found.components().size() == PrintColours.CHANNELS ? Optional.of(colours) : Optional.empty(),
                OptionalInt.empty(),
                orientation.orElse(ExifOrientation.UPRIGHT),
                scans > 1 ? found.coefficientBytes() : 0, // of a single scan, the decoder holds a few rows
                ByteBuffer.wrap(kept.toByteArray()));
    }

    private static FileFormatException withoutFrame() {
        return new FileFormatException("is a damaged JPEG: it has no frame header; save it again");
    }

    private int marker() throws FileFormatException {
        if (position == encoded.length && scans > 0) {
            return END;
        }
        if (at(position) != PREFIX) {
            throw new FileFormatException("is a damaged JPEG: a segment does not begin with a marker; save it again");
        }
        while (at(position) == PREFIX) { // a marker may be padded
            position++;
        }
        return at(position++);
    }

    private void segment(int marker) throws FileFormatException {
        if (marker == 0 || marker == 1 || (marker >= FIRST_RESTART && marker <= START)) {
            throw new FileFormatException("is a damaged JPEG: a segment does not begin with a marker; save it again");
        }
        int start = position;
        int length = twoBytes(start);
        if (length < 2) {
            throw new FileFormatException("is a damaged JPEG: the length of a segment is invalid; save it again");
        }
        at(start + length - 1);
        if (isFrame(marker)) {
            readFrame(marker, start, length);
        }
        if (marker == SCAN) {
            readScan(start, length);
        }
        if (marker == ADOBE && isAdobe(start, length)) {
            adobe = true;
            colours = PrintColours.ofAdobe(at(start + ADOBE_SIZE - 1));
        }
        if (marker == EXIF && orientation.isEmpty()) {
            orientation = ExifOrientation.in(Arrays.copyOfRange(encoded, start + 2, start + length));
        }
        position = start + length;
        if (marker == SCAN) {
            skipScan();
        }
        if (makesPixels(marker)) {
            kept.write(PREFIX);
            kept.write(marker);
            kept.write(encoded, start, position - start);
        }
    }

    private void readFrame(int marker, int start, int length) throws FileFormatException {
        if (frame.isPresent() || length < FRAME_SIZE) {
            throw invalidFrame();
        }
        int height = twoBytes(start + 3);
        int width = twoBytes(start + 5);
        if (width == 0 || height == 0) {
            throw new FileFormatException("is a damaged JPEG: its width or height is 0; save it again");
        }
        int channels = at(start + 7);
        if (!CHANNELS.contains(channels)) {
            throw new FileFormatException("has " + channels + " channels: save it as grey or RGB");
        }
        if (length != FRAME_SIZE + FRAME_COMPONENT_SIZE * channels) {
            throw invalidFrame();
        }
        List<Integer> components = new ArrayList<>();
        List<Integer> samples = new ArrayList<>(); // of each component in a block of pixels
        for (int i = 0; i < channels; i++) {
            int component = start + FRAME_SIZE + FRAME_COMPONENT_SIZE * i;
            components.add(at(component));
            samples.add((at(component + 1) >> 4) * (at(component + 1) & 0xf));
        }
        double samplesPerPixel =
                (double) samples.stream().mapToInt(Integer::intValue).sum() / Math.max(1, Collections.max(samples));
        boolean progressive = (marker & 3) == 2;
        frame = Optional.of(new Frame(height, width, progressive, List.copyOf(components), samplesPerPixel));
    }

    private static FileFormatException invalidFrame() {
        return new FileFormatException(
                "is a damaged JPEG: it has more than one frame header, or an incomplete one; save it again");
    }

    /** Notes for which components a scan has the first and the last coefficient to full precision. */
    private void readScan(int start, int length) throws FileFormatException {
        if (++scans > MAX_SCANS) {
            throw new FileFormatException("has more than " + MAX_SCANS + " scans: save it again with fewer scans");
        }
        Frame found = frame.orElseThrow(JpegSegments::withoutFrame);
        declareColours(found);
        int count = at(start + 2);
        if (length != SCAN_SIZE + SCAN_COMPONENT_SIZE * count) {
            throw new FileFormatException("is a damaged JPEG: the header of a scan is incomplete; save it again");
        }
        int spectrum = start + length - 3;
        boolean exact = (at(spectrum + 2) & 0xf) == 0;
        for (int i = 0; i < count; i++) {
            int component = at(start + 3 + SCAN_COMPONENT_SIZE * i);
            if (!found.progressive() || (exact && at(spectrum) == 0)) {
                firstCoefficients.add(component);
            }
            if (!found.progressive() || (exact && at(spectrum + 1) == LAST_COEFFICIENT)) {
                lastCoefficients.add(component);
            }
        }
    }

    /**
     * Declares before the first scan that components are YCbCr, unless an Adobe header or the letters R, G and B say
     * otherwise; a second JFIF header, or one in a grey image, has no effect. Without a declaration, ImageIO takes
     * components of equal resolution for RGB if their numbers are not 1, 2 and 3; other decoders do so only if their
     * numbers are the letters R, G and B.
     */
    private void declareColours(Frame found) {
        if (scans == 1
                && !adobe
                && found.components().size() < PrintColours.CHANNELS
                && !found.components().equals(RGB)) {
            kept.writeBytes(YCBCR);
        }
    }

    /** Skips the data of a scan up to the next marker or the end, including stuffed bytes and restart markers. */
    private void skipScan() throws FileFormatException {
        while (position < encoded.length && (at(position) != PREFIX || continuesAfter(position))) {
            position++;
        }
    }

    private boolean continuesAfter(int prefix) throws FileFormatException {
        if (prefix + 1 == encoded.length) {
            return true;
        }
        int next = at(prefix + 1);
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

    private boolean isAdobe(int start, int length) {
        int name = start + 2;
        return length >= ADOBE_SIZE
                && Arrays.equals(encoded, name, name + ADOBE_NAME.length, ADOBE_NAME, 0, ADOBE_NAME.length);
    }

    private int twoBytes(int index) throws FileFormatException {
        return at(index) << Byte.SIZE | at(index + 1);
    }

    private int at(int index) throws FileFormatException {
        if (index >= encoded.length) {
            throw new FileFormatException("is a truncated JPEG: it ends before its pixels; supply the whole file");
        }
        return Byte.toUnsignedInt(encoded[index]);
    }
}
