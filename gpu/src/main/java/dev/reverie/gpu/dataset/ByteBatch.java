package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

final class ByteBatch extends ImageBatch {

    private static final float[] VALUES = new float[Image.MAX_LEVEL + 1];

    static {
        for (int level = 0; level < VALUES.length; level++) {
            VALUES[level] = (float) (level / (double) Image.MAX_LEVEL);
        }
    }

    private final byte[] levels;

    ByteBatch(ImageShape shape, byte[] levels) {
        super(shape, levels.length);
        this.levels = levels;
    }

    @Override
    public Dtype dtype() {
        return Dtype.UINT8;
    }

    @Override
    public void copyTo(int index, double[] target) {
        int size = shape().size();
        for (int i = 0, from = index * size; i < size; i++, from++) {
            target[i] = value(from);
        }
    }

    private float value(int at) {
        return VALUES[Byte.toUnsignedInt(levels[at])];
    }

    @Override
    public ImageBatch pick(List<Integer> indices) {
        int size = shape().size();
        ByteBuffer picked = ByteBuffer.allocate(Math.multiplyExact(indices.size(), size));
        indices.forEach(index -> picked.put(levels, index * size, size));
        return new ByteBatch(shape(), picked.array());
    }

    @Override
    void putFloats(FloatBuffer target) {
        for (int i = 0; i < levels.length; i++) {
            target.put(value(i));
        }
    }

    @Override
    void putLevels(ByteBuffer target) {
        target.put(levels);
    }
}
