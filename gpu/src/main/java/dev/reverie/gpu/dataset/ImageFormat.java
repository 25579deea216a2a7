package dev.reverie.gpu.dataset;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The supported image file formats. */
public enum ImageFormat {
    PNG("89504e470d0a1a0a", ".png"),
    JPEG("ffd8ff", ".jpg", ".jpeg", ".jfif");

    private final String signature;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> extensions;

    ImageFormat(String signature, String... extensions) {
        this.signature = signature;
        this.extensions = List.of(extensions);
    }

    /** Detects the format from the first bytes of {@code content}. */
    public static Optional<ImageFormat> of(byte[] content) {
        return Stream.of(values()).filter(format -> format.begins(content)).findFirst();
    }

    /** Returns the format that the extension of a file promises. */
    public static Optional<ImageFormat> promisedBy(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        return Stream.of(values())
                .filter(format -> format.extensions.stream().anyMatch(name::endsWith))
                .findFirst();
    }

    private boolean begins(byte[] content) {
        int length = signature.length() / 2;
        return content.length >= length
                && HexFormat.of().formatHex(content, 0, length).equals(signature);
    }
}
