package dev.reverie.gpu.network;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A few consecutive samples of a batch; their activations fit into the cache. */
public record MicroBatch(int start, int size) {

    /**
     * Number of values that are prepared on the host at a time: 32 MiB, because a batch of a GPU may not fit the heap.
     */
    private static final int MOST_PREPARED = 1 << 22;

    /** Size of the second-level cache of a core, in bytes. Fixed, so that results do not depend on the machine. */
    private static final long CACHE = 1 << 20;

    /** Divides a batch into as many micro-batches of about the same size as suit the kernels. */
    public static List<MicroBatch> divide(int samples, Kernels kernels) {
        return divide(samples, kernels.microBatches(samples));
    }

    /**
     * Divides a batch as {@link #divide(int, Kernels)} does, but on the host into micro-batches whose largest
     * activation stays in the second-level cache from one kernel to the next, if possible. For passes without gradients
     * of the weights, of which each micro-batch would add a copy.
     *
     * @param activation size of the largest activation of a sample, in bytes
     */
    public static List<MicroBatch> divide(int samples, long activation, Kernels kernels) {
        if (kernels.device().isPresent()) {
            return divide(samples, kernels);
        }
        int most = Math.clamp(CACHE / activation, 2, Kernels.MICRO_BATCH);
        return divide(samples, Math.min(samples, 2 * Math.ceilDiv(samples, 2 * most)));
    }

    private static List<MicroBatch> divide(int samples, int count) {
        List<MicroBatch> batches = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int start = (int) ((long) samples * i / count);
            int end = (int) ((long) samples * (i + 1) / count);
            batches.add(new MicroBatch(start, end - start));
        }
        return batches;
    }

    /**
     * Divides a batch and computes the result of each micro-batch, and nothing else, on the compute threads; divides it
     * further if the memory of a device does not suffice, as {@link ComputeThreads#fit} does. The memory of the results
     * is valid until the threads are reset.
     */
    public static <T> List<T> map(
            int samples, ComputeThreads threads, BiFunction<MicroBatch, ThreadWorkspace, T> each) {
        return threads.fit(samples, () -> {
            List<MicroBatch> batches = divide(samples, threads.kernels());
            return threads.map(batches.size(), (index, workspace) -> each.apply(batches.get(index), workspace));
        });
    }

    /**
     * Returns the places 0 to {@code size - 1} in this micro-batch, for work on each sample on the host. A micro-batch
     * that is larger than any on a CPU is that of a GPU, which has fewer compute threads than the host has cores: then
     * the stream is parallel, because the GPU waits for this work.
     */
    public IntStream places() {
        IntStream places = IntStream.range(0, size);
        return size > Kernels.MICRO_BATCH ? places.parallel() : places;
    }

    /**
     * Loads the images of this micro-batch into a tensor {@code [size, channels, height, width]}, by their indices in
     * the whole batch; {@code images} is called from several threads.
     */
    public Tensor load(ImageShape shape, IntFunction<double[]> images, ThreadWorkspace scratch) {
        return load(shape, scratch, (x, first, slice) -> {
            double[][] rows = new double[slice.size][];
            slice.places().forEach(place -> rows[place] = images.apply(slice.start + place));
            x.setRows(first, rows);
        });
    }

    /** Loads raw images, with values in [0, 1], as {@link #load} does. */
    public Tensor loadRaw(ImageShape shape, IntFunction<Image> images, ThreadWorkspace scratch) {
        return load(shape, scratch, (x, first, slice) -> {
            ByteBuffer[] rows = new ByteBuffer[slice.size];
            slice.places()
                    .forEach(place ->
                            rows[place] = images.apply(slice.start + place).levels());
            x.setLevels(first, List.of(rows));
        });
    }

    /** Writes some images to a tensor, from an index of its first dimension on. */
    private interface Slice {
        void write(Tensor x, int first, MicroBatch slice);
    }

    private Tensor load(ImageShape shape, ThreadWorkspace scratch, Slice writer) {
        Tensor x = scratch.take(size, shape.channels(), shape.height(), shape.width());
        int most = Math.max(Kernels.MICRO_BATCH, MOST_PREPARED / shape.size());
        for (int first = 0; first < size; first += most) {
            writer.write(x, first, new MicroBatch(start + first, Math.min(most, size - first)));
        }
        return x;
    }
}
