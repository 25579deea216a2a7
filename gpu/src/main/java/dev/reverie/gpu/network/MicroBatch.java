package dev.reverie.gpu.network;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A few consecutive samples of a batch; their activations fit into the cache.
 *
 * @param start index of the first sample
 * @param size number of samples
 */
public record MicroBatch(int start, int size) {

    private static final int LARGEST = 16;

    /**
     * Divides a batch into micro-batches. The division depends only on the size of the batch, not on the machine, so
     * that it does not change the last bits of sums over micro-batches. The number of micro-batches is even if
     * possible, because most machines have an even number of cores.
     */
    public static List<MicroBatch> divide(int samples) {
        int pairs = Math.ceilDiv(samples, 2 * LARGEST);
        int count = Math.min(samples, 2 * pairs);
        List<MicroBatch> batches = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int start = (int) ((long) samples * i / count);
            int end = (int) ((long) samples * (i + 1) / count);
            batches.add(new MicroBatch(start, end - start));
        }
        return batches;
    }

    /**
     * Loads the images of this micro-batch into a tensor {@code [size, channels, height, width]}.
     *
     * @param images returns the image at an index of the whole batch
     */
    public Tensor load(ImageShape shape, IntFunction<double[]> images, ThreadWorkspace scratch) {
        Tensor x = scratch.take(size, shape.channels(), shape.height(), shape.width());
        for (int i = 0; i < size; i++) {
            x.write((long) i * shape.size(), images.apply(start + i));
        }
        return x;
    }
}
