package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

final class FloatBatch extends ImageBatch {

    private final float[] values;

    FloatBatch(ImageShape shape, float[] values) {
        super(shape, values.length);
        this.values = values;
    }

    @Override
    public Dtype dtype() {
        return Dtype.FLOAT32;
    }

    @Override
    public void copyTo(int index, double[] target) {
        int size = shape().size();
        for (int i = 0, from = index * size; i < size; i++, from++) {
            target[i] = values[from];
        }
    }

    @Override
    public ImageBatch pick(List<Integer> indices) {
        int size = shape().size();
        FloatBuffer picked = FloatBuffer.allocate(Math.multiplyExact(indices.size(), size));
        indices.forEach(index -> picked.put(values, index * size, size));
        return new FloatBatch(shape(), picked.array());
    }

    @Override
    void putFloats(FloatBuffer target) {
        target.put(values);
    }

    @Override
    void putLevels(ByteBuffer target) {
        for (float value : values) {
            target.put((byte) Math.round(Image.MAX_LEVEL * Math.clamp(value, 0f, 1f)));
        }
    }
}
