package dev.reverie.gpu.dataset;

import java.util.Locale;

/** The type of the values of images, with its name in NumPy. */
public enum Dtype {
    /** Unsigned bytes; the byte v means v / 255. */
    UINT8(Byte.BYTES),
    /** Floats in single precision. */
    FLOAT32(Float.BYTES);

    private final int bytes;

    Dtype(int bytes) {
        this.bytes = bytes;
    }

    public int bytes() {
        return bytes;
    }

    /** Returns the name in NumPy, for example {@code uint8}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
