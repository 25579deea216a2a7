package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
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

    /** Returns a copy of the codes of all images. */
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
}
