package dev.reverie.gpu.dataset;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The supported image file formats. */
public enum ImageFormat {
    PNG("89504e470d0a1a0a", ".png"),
    JPEG("ffd8ff", ".jpg", ".jpeg", ".jfif"),
    GIF("47494638", ".gif"),
    BMP("424d", ".bmp"),
    TIFF("49492a00|4d4d002a", ".tif", ".tiff"),
    WEBP("52494646.{8}57454250", ".webp");

    private static final int SIGNATURE = 12;

    /** The beginning of a file of the ISO base media family with a brand of HEIC or AVIF. */
    private static final Pattern PHONE_FORMAT =
            Pattern.compile(".{8}66747970(6865|6d696631|6d736631|61766966|61766973).*");

    private final Pattern signature;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> extensions;

    ImageFormat(String signature, String... extensions) {
        this.signature = Pattern.compile("(" + signature + ").*");
        this.extensions = List.of(extensions);
    }

    /** Detects the format from the first bytes of {@code content}. */
    public static Optional<ImageFormat> of(byte[] content) {
        String start = start(content);
        return Stream.of(values())
                .filter(format -> format.signature.matcher(start).matches())
                .findFirst();
    }

    /** Returns the format that the extension of a file promises. */
    public static Optional<ImageFormat> promisedBy(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        return Stream.of(values())
                .filter(format -> format.extensions.stream().anyMatch(name::endsWith))
                .findFirst();
    }

    /** Says of content in none of the formats what it is, and what to do. */
    static String unsupported(byte[] content) {
        return PHONE_FORMAT.matcher(start(content)).matches()
                ? "is a HEIC or AVIF picture: convert it to JPEG, for example with 'magick photo.heic photo.jpg', or let"
                        + " the phone save JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)"
                : "is no picture in a known format: convert it to PNG or JPEG (GIF, BMP, TIFF and WebP are read, too)";
    }

    private static String start(byte[] content) {
        return HexFormat.of().formatHex(content, 0, Math.min(SIGNATURE, content.length));
    }
}
