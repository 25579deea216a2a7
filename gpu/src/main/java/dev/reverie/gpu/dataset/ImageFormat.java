package dev.reverie.gpu.dataset;

import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/** The supported image file formats. */
public enum ImageFormat {
    PNG("89504e470d0a1a0a"),
    JPEG("ffd8ff");

    private final String signature;

    ImageFormat(String signature) {
        this.signature = signature;
    }

    /** Detects the format from the first bytes of {@code content}. */
    public static Optional<ImageFormat> of(byte[] content) {
        return Stream.of(values()).filter(format -> format.begins(content)).findFirst();
    }

    private boolean begins(byte[] content) {
        int length = signature.length() / 2;
        return content.length >= length
                && HexFormat.of().formatHex(content, 0, length).equals(signature);
    }
}
