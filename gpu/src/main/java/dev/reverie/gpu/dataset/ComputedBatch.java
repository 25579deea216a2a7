package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A batch of images that are computed each time that they are read. */
final class ComputedBatch extends ImageBatch {

    /** Maximum number of images that are computed at a time when all are read. */
    private static final int PART = 64;

    private final Dtype dtype;
    private final Function<List<Integer>, ImageBatch> images;

    /** See {@link ImageBatch#computed}. */
    ComputedBatch(ImageShape shape, int count, Dtype dtype, Function<List<Integer>, ImageBatch> images) {
        super(shape, Math.multiplyExact(count, shape.size()));
        this.dtype = dtype;
        this.images = images;
    }

    @Override
    public Dtype dtype() {
        return dtype;
    }

    @Override
    public void copyTo(int index, double[] target) {
        images.apply(List.of(index)).copyTo(0, target);
    }

    @Override
    public ImageBatch pick(List<Integer> indices) {
        return images.apply(indices);
    }

    @Override
    List<ImageBatch> parts() {
        List<ImageBatch> parts = new ArrayList<>();
        for (int from = 0; from < count(); from += PART) {
            int first = from;
            int size = Math.min(PART, count() - from);
            parts.add(new ComputedBatch(
                    shape(),
                    size,
                    dtype,
                    indices -> images.apply(
                            indices.stream().map(index -> first + index).toList())));
        }
        return parts;
    }

    @Override
    void putFloats(FloatBuffer target) {
        parts().forEach(part -> part.pick(all(part)).putFloats(target));
    }

    @Override
    void putLevels(ByteBuffer target) {
        parts().forEach(part -> part.pick(all(part)).putLevels(target));
    }

    private static List<Integer> all(ImageBatch part) {
        return IntStream.range(0, part.count()).boxed().toList();
    }
}
