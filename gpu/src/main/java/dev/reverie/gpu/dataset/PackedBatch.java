package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A batch of packed images, which has the values to which they decode; they are decoded each time that they are read.
 * Packed images are independent of each other, so a pick and a join copy them as they are.
 */
final class PackedBatch extends ImageBatch {

    private final PatchCodec codec;
    private final byte[] codes;
    private final byte[] ranges;

    /**
     * Creates a batch that owns its arguments.
     *
     * @param codes the codes of all images, see {@link PatchCodec}
     * @param ranges the ranges of the patches of all images, each below {@link PatchRanges#COUNT}
     */
    PackedBatch(PatchCodec codec, byte[] codes, byte[] ranges) {
        super(
                codec.shape(),
                Math.multiplyExact(
                        ranges.length / codec.rangeBytes(), codec.shape().size()));
        this.codec = codec;
        this.codes = codes;
        this.ranges = ranges;
    }

    /** Packs images with the smallest squared error. */
    static PackedBatch of(ImageBatch images, Bits bits) {
        PatchCodec codec = bits.codec(images.shape());
        byte[] levels = images.toLevels();
        byte[] codes = new byte[Math.multiplyExact(images.count(), codec.codeBytes())];
        byte[] ranges = new byte[Math.multiplyExact(images.count(), codec.rangeBytes())];
        PatchEncoder encoder = new PatchEncoder(codec);
        for (int image = 0; image < images.count(); image++) {
            encoder.encodeTo(levels, image, codes, ranges);
        }
        return new PackedBatch(codec, codes, ranges);
    }

    /** Concatenates batches that were packed in the same way. */
    static PackedBatch joined(List<PackedBatch> batches) {
        return new PackedBatch(
                batches.getFirst().codec,
                concatenated(batches.stream().map(batch -> batch.codes).toList()),
                concatenated(batches.stream().map(batch -> batch.ranges).toList()));
    }

    private static byte[] concatenated(List<byte[]> parts) {
        long length = parts.stream().mapToLong(part -> part.length).sum();
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(length));
        parts.forEach(all::put);
        return all.array();
    }

    PatchCodec codec() {
        return codec;
    }

    byte[] codes() {
        return codes.clone();
    }

    /** Returns a copy of the ranges of the patches of all images. */
    byte[] ranges() {
        return ranges.clone();
    }

    @Override
    public Dtype dtype() {
        return Dtype.UINT8;
    }

    /** Size of the codes and ranges, in bytes. */
    @Override
    public long bytes() {
        return (long) codes.length + ranges.length;
    }

    @Override
    public void copyTo(int index, double[] target) {
        pick(List.of(index)).decoded().copyTo(0, target);
    }

    private ByteBatch decoded() {
        return new ByteBatch(shape(), codec.decode(codes, ranges));
    }

    @Override
    public PackedBatch pick(List<Integer> indices) {
        return new PackedBatch(
                codec, picked(codes, codec.codeBytes(), indices), picked(ranges, codec.rangeBytes(), indices));
    }

    private static byte[] picked(byte[] from, int size, List<Integer> indices) {
        ByteBuffer picked = ByteBuffer.allocate(Math.multiplyExact(indices.size(), size));
        indices.forEach(index -> picked.put(from, index * size, size));
        return picked.array();
    }

    @Override
    void putFloats(FloatBuffer target) {
        decoded().putFloats(target);
    }

    @Override
    void putLevels(ByteBuffer target) {
        decoded().putLevels(target);
    }

    /** Finds the range and the codes of patches with the smallest squared error. */
    private static final class PatchEncoder {

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

        /** Encodes an image into codes, which are 0 before, and ranges. */
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

        /**
         * Returns the squared error of a patch, or, once it is certain to be {@code enough}, any number from there on.
         */
        private static long error(int[] patch, int[] errors, long enough) {
            long sum = 0;
            for (int i = 0; i < patch.length && sum < enough; i++) {
                sum += errors[patch[i]];
            }
            return sum;
        }
    }
}
