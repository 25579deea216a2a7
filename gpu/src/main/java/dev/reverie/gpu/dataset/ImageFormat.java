package dev.reverie.gpu.dataset;

import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/** Formats of single pictures that are read. */
public enum ImageFormat {
    PNG("89504e470d0a1a0a"),
    JPEG("ffd8ff");

    private final String signature;

    ImageFormat(String signature) {
        this.signature = signature;
    }

    /** The format that {@code content} begins like. */
    public static Optional<ImageFormat> of(byte[] content) {
        return Stream.of(values()).filter(format -> format.begins(content)).findFirst();
    }

    private boolean begins(byte[] content) {
        int length = signature.length() / 2;
        return content.length >= length
                && HexFormat.of().formatHex(content, 0, length).equals(signature);
    }
}
