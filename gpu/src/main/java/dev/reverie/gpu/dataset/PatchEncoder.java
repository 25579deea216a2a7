package dev.reverie.gpu.dataset;

import java.util.Arrays;

/** Finds the range and the codes of patches with the smallest squared error. */
final class PatchEncoder {

    private static final int LEVELS = 256;

    private final PatchCodec codec;
    private final byte[][] nearest = new byte[PatchRanges.COUNT][LEVELS];
    private final int[][] errors = new int[PatchRanges.COUNT][LEVELS];

    PatchEncoder(PatchCodec codec) {
        this.codec = codec;
        for (int range = 0; range < PatchRanges.COUNT; range++) {
            for (int level = 0; level < LEVELS; level++) {
                findNearest(range, level);
            }
        }
    }

    private void findNearest(int range, int level) {
        errors[range][level] = Integer.MAX_VALUE;
        for (int code = 0; code <= codec.most(); code++) {
            int difference = level - PatchRanges.value(range, code, codec.most());
            if (difference * difference < errors[range][level]) {
                errors[range][level] = difference * difference;
                nearest[range][level] = (byte) code;
            }
        }
    }

    /**
     * Encodes an image.
     *
     * @param levels images, one after the other
     * @param image index of the image
     * @param codes receives its codes; they are 0 before
     * @param ranges receives its ranges
     */
    void encodeTo(byte[] levels, int image, byte[] codes, byte[] ranges) {
        int width = codec.shape().width();
        int from = image * codec.shape().size();
        int fromRange = image * codec.rangeBytes();
        codec.forEachPatch((index, first, rows, columns) -> {
            int[] patch = new int[rows * columns];
            for (int i = 0; i < patch.length; i++) {
                patch[i] = Byte.toUnsignedInt(levels[from + first + i / columns * width + i % columns]);
            }
            int range = bestRange(patch);
            ranges[fromRange + index] = (byte) range;
            for (int i = 0; i < patch.length; i++) {
                int value = first + i / columns * width + i % columns;
                codec.putCode(codes, image * codec.codeBytes(), value, nearest[range][patch[i]]);
            }
        });
    }

    private int bestRange(int[] patch) {
        int lowest = Arrays.stream(patch).min().orElseThrow();
        int highest = Arrays.stream(patch).max().orElseThrow();
        int best = PatchRanges.enclosing(lowest, highest);
        long least = error(patch, errors[best], Long.MAX_VALUE);
        for (int range = 0; range < PatchRanges.COUNT; range++) {
            if (PatchRanges.leastError(range, lowest, highest) < least) {
                long error = error(patch, errors[range], least);
                if (error < least) {
                    least = error;
                    best = range;
                }
            }
        }
        return best;
    }

    /** Returns the squared error of a patch, or, once it is certain to be {@code enough}, any number from there on. */
    private static long error(int[] patch, int[] errors, long enough) {
        long sum = 0;
        for (int i = 0; i < patch.length && sum < enough; i++) {
            sum += errors[patch[i]];
        }
        return sum;
    }
}
