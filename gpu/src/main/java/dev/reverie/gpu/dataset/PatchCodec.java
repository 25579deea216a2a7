package dev.reverie.gpu.dataset;

import java.util.List;

/**
 * Packs images into 4 or 2 bits per value. Each channel is divided into square patches; patches at the right and at the
 * bottom can be smaller. A patch has one of the {@link PatchRanges}, and each value of the patch is one of 2^bits
 * evenly spaced values of this range.
 *
 * <p>A packed image consists of {@link #codeBytes} bytes of codes and one byte per patch. The codes are in the order of
 * the values, [C, H, W], the first code in the highest bits of the first byte. The patches are ordered by channel, row
 * and column. Packing an image again that was decoded from a packed one changes nothing.
 *
 * @param bits bits per value, 4 or 2
 * @param patch side of a patch in pixels
 */
record PatchCodec(ImageShape shape, int bits, int patch) {

    static final int MAX_PATCH = 1024;

    PatchCodec {
        if (bits != Bits.FOUR.count() && bits != Bits.TWO.count()) {
            throw new IllegalArgumentException("packed images have 4 or 2 bits per value, not " + bits);
        }
        if (patch < 1 || patch > MAX_PATCH) {
            throw new IllegalArgumentException(
                    "the side of a patch must be from 1 to " + MAX_PATCH + " pixels, got " + patch);
        }
    }

    /** Number of bytes that the codes of an image take; unused bits of the last byte are 0. */
    int codeBytes() {
        return Math.ceilDiv(shape.size(), codesPerByte());
    }

    /** Number of patches of an image: channels, rows and columns of patches. */
    List<Integer> patches() {
        return List.of(shape.channels(), Math.ceilDiv(shape.height(), patch), Math.ceilDiv(shape.width(), patch));
    }

    /** Number of bytes that the ranges of an image take: one per patch. */
    int rangeBytes() {
        return patches().stream().reduce(1, Math::multiplyExact);
    }

    int bytesPerImage() {
        return codeBytes() + rangeBytes();
    }

    /** The highest code. */
    int most() {
        return (1 << bits) - 1;
    }

    private int codesPerByte() {
        return Byte.SIZE / bits;
    }

    /** Sets a code that is still 0. */
    void putCode(byte[] codes, int from, int value, int code) {
        codes[from + value / codesPerByte()] |= (byte) (code << shift(value));
    }

    private int code(byte[] codes, int from, int value) {
        return codes[from + value / codesPerByte()] >> shift(value) & most();
    }

    private int shift(int value) {
        return Byte.SIZE - bits - value % codesPerByte() * bits;
    }

    @FunctionalInterface
    interface Patches {

        /**
         * Visits one patch.
         *
         * @param first index of its top left value in the image
         */
        void visit(int patch, int first, int rows, int columns);
    }

    /** Visits all patches in order. */
    void forEachPatch(Patches visitor) {
        int index = 0;
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int y = 0; y < shape.height(); y += patch) {
                for (int x = 0; x < shape.width(); x += patch) {
                    int first = channel * shape.planeSize() + y * shape.width() + x;
                    visitor.visit(
                            index++, first, Math.min(patch, shape.height() - y), Math.min(patch, shape.width() - x));
                }
            }
        }
    }

    /**
     * Decodes packed images to levels 0 to 255.
     *
     * @param codes the codes of the images, one image after the other
     * @param ranges the ranges of the images, one image after the other, each below {@link PatchRanges#COUNT}
     */
    byte[] decode(byte[] codes, byte[] ranges) {
        int patches = rangeBytes();
        byte[] levels = new byte[Math.multiplyExact(ranges.length / patches, shape.size())];
        for (int i = 0; i < ranges.length / patches; i++) {
            int image = i;
            forEachPatch((index, first, rows, columns) -> {
                int range = Byte.toUnsignedInt(ranges[image * patches + index]);
                for (int y = 0; y < rows; y++) {
                    for (int x = 0; x < columns; x++) {
                        int value = first + y * shape.width() + x;
                        int code = code(codes, image * codeBytes(), value);
                        levels[image * shape.size() + value] = (byte) PatchRanges.value(range, code, most());
                    }
                }
            });
        }
        return levels;
    }
}
