package dev.reverie.gpu.network;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A run of consecutive samples of a batch, small enough that its activations stay in the cache.
 *
 * @param start index of the first sample
 * @param size number of samples
 */
public record MicroBatch(int start, int size) {

    private static final int LARGEST = 16;

    /**
     * Cuts a batch. The division depends only on the size of the batch, never on the machine, so that sums over
     * micro-batches are the same to the last bit. The number of micro-batches is even if possible, like the number of
     * cores of most machines.
     */
    public static List<MicroBatch> cut(int samples) {
        int pairs = Math.ceilDiv(samples, 2 * LARGEST);
        int count = Math.min(samples, 2 * pairs);
        List<MicroBatch> cut = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int start = (int) ((long) samples * i / count);
            int end = (int) ((long) samples * (i + 1) / count);
            cut.add(new MicroBatch(start, end - start));
        }
        return cut;
    }

    /**
     * Loads its images into a tensor {@code [size, channels, height, width]}; {@code images} is called with indices in
     * the batch.
     */
    public Tensor load(ImageShape shape, IntFunction<double[]> images, ThreadWorkspace scratch) {
        Tensor x = scratch.take(size, shape.channels(), shape.height(), shape.width());
        for (int i = 0; i < size; i++) {
            x.write((long) i * shape.size(), images.apply(start + i));
        }
        return x;
    }
}
