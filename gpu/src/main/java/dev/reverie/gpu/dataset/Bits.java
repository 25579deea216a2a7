package dev.reverie.gpu.dataset;

import dev.reverie.gpu.Labelled;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Number of bits in which a value of a stored image is kept. With 8 bits, an image is stored as it is. With fewer, it
 * is packed: see {@link PatchCodec}.
 */
public enum Bits implements Labelled {
    EIGHT(8, 1),
    FOUR(4, 8),
    TWO(2, 4);

    private final int count;

    /** Side of a patch in pixels; without meaning if images are not packed. */
    private final int patch;

    Bits(int count, int patch) {
        this.count = count;
        this.patch = patch;
    }

    /**
     * Finds the variant of a number of bits.
     *
     * @throws IllegalArgumentException if there is none; the message lists the available numbers
     */
    public static Bits of(int count) {
        return Arrays.stream(values())
                .filter(bits -> bits.count == count)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("values cannot be stored in " + count
                        + " bits; choose one of "
                        + Arrays.stream(values()).map(Bits::toString).collect(Collectors.joining(", "))));
    }

    /** The number: 8, 4 or 2. */
    public int count() {
        return count;
    }

    /** Whether images are packed, that is, stored in fewer than 8 bits per value. */
    public boolean packs() {
        return this != EIGHT;
    }

    /** Size of a stored image in bytes, with everything that is needed to decode it. */
    public int bytesPerImage(ImageShape shape) {
        return packs() ? codec(shape).bytesPerImage() : shape.size();
    }

    PatchCodec codec(ImageShape shape) {
        return new PatchCodec(shape, count, patch);
    }

    @Override
    public String label() {
        return Integer.toString(count);
    }

    @Override
    public String toString() {
        return label();
    }
}
