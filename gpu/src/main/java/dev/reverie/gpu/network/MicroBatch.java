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
     * Cuts a batch. How it is cut depends on its size alone, never on the machine, so that sums over micro-batches come
     * out the same to the last bit; their number is even where it can be, as is the number of most machines' cores.
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
     * Its images as a tensor {@code [size, channels, height, width]}; {@code images} is asked by index in the batch.
     */
    public Tensor load(ImageShape shape, IntFunction<double[]> images, ThreadWorkspace scratch) {
        Tensor x = scratch.take(size, shape.channels(), shape.height(), shape.width());
        for (int i = 0; i < size; i++) {
            x.write((long) i * shape.size(), images.apply(start + i));
        }
        return x;
    }
}
