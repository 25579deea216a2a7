package dev.reverie.gpu.tensor;

import dev.reverie.gpu.tensor.Device.DeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A fixed pool of threads that run independent pieces of a step, such as micro-batches, in parallel. Each thread has
 * its own workspace, and the native kernels called by a thread run only on that thread. With one thread per core, the
 * cores synchronise once per step instead of once per operation. Results are in the order of the pieces, so sums over
 * them do not depend on the number of threads.
 */
public final class ComputeThreads implements AutoCloseable {

    private final List<ThreadWorkspace> workspaces;
    private final ExecutorService executor;
    private final boolean ownsThreads;

    /** Starts the threads, at least 1. */
    public ComputeThreads(Kernels kernels, int count) {
        this(kernels, count, start(kernels, count), true);
    }

    private ComputeThreads(Kernels kernels, int count, ExecutorService executor, boolean ownsThreads) {
        this.workspaces = IntStream.range(0, count)
                .mapToObj(thread -> new ThreadWorkspace(kernels))
                .toList();
        this.executor = executor;
        this.ownsThreads = ownsThreads;
    }

    /** Uses the given threads, which {@link #start} has started for such kernels and which others can use as well. */
    static ComputeThreads sharing(ExecutorService executor, Kernels kernels, int count) {
        return new ComputeThreads(kernels, count, executor, false);
    }

    /** Starts threads for kernels. */
    static ExecutorService start(Kernels kernels, int count) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(
                    () -> {
                        Device.confineNativeThreads();
                        kernels.device().ifPresent(DeviceKernels::useOnThisThread);
                        work.run();
                    },
                    "reverie-compute-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * One piece of work. Memory that the piece allocates from {@code workspace} is valid until {@link #reset()}, or
     * until the scope in which it is allocated closes.
     */
    @FunctionalInterface
    public interface Piece<T> {

        T run(int index, ThreadWorkspace workspace);
    }

    /**
     * Runs {@code piece} for every index below {@code count}; returns the results in order of the index. Pieces are
     * assigned to threads round-robin and in the same way in every step, so that the workspaces stop growing. If a
     * piece throws an exception, this method resets the workspaces and throws the same one, after all threads have
     * ended.
     */
    public <T> List<T> map(int count, Piece<T> piece) {
        List<Callable<List<T>>> threads = IntStream.range(0, Math.min(count, workspaces.size()))
                .<Callable<List<T>>>mapToObj(thread -> () -> runThread(thread, count, piece))
                .toList();
        List<Future<List<T>>> ended = ended(threads);
        if (ended.stream().anyMatch(thread -> thread.state() != Future.State.SUCCESS)) {
            reset();
        }
        List<List<T>> done = ended.stream().map(ComputeThreads::result).toList();
        return IntStream.range(0, count)
                .mapToObj(i -> done.get(i % workspaces.size()).get(i / workspaces.size()))
                .toList();
    }

    private <T> List<T> runThread(int thread, int count, Piece<T> piece) {
        List<T> results = new ArrayList<>();
        for (int i = thread; i < count; i += workspaces.size()) {
            results.add(piece.run(i, workspaces.get(thread)));
        }
        return results;
    }

    /** A single piece for a device runs on the calling thread, because handing it over would take longer. */
    private <T> List<Future<T>> ended(List<Callable<T>> threads) {
        try {
            if (threads.size() == 1 && kernels().device().isPresent()) {
                FutureTask<T> here = new FutureTask<>(threads.getFirst());
                here.run();
                return List.of(here);
            }
            return executor.invokeAll(threads);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while computing", e);
        }
    }

    private static <T> T result(Future<T> ended) {
        return switch (ended.state()) {
            case SUCCESS -> ended.resultNow();
            case FAILED -> throw unchecked(ended.exceptionNow());
            case RUNNING, CANCELLED -> throw new IllegalStateException("a compute thread has not ended");
        };
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked
                ? unchecked
                : new IllegalStateException("a compute thread failed: " + failure.getMessage(), failure);
    }

    /**
     * Runs a computation on a batch that {@link Kernels#microBatches} divides. If the memory of a device does not
     * suffice, frees the unused memory, lowers the {@link BatchLimit} and runs the computation again, which gives the
     * result that it gives under that limit from the start. The computation must therefore change nothing that outlives
     * it: the sum of a batch's gradients can be computed again, but not the training step that uses it.
     *
     * @param samples size of the batch, at least 1; the largest one if there are several
     * @param computation uses no memory of the workspaces that was allocated before it, because a repetition frees it
     * @throws DeviceException if the memory does not suffice for {@link BatchLimit#SMALLEST} samples
     */
    public <T> T fit(int samples, Supplier<T> computation) {
        while (true) {
            int batches = kernels().microBatches(samples);
            try {
                return computation.get();
            } catch (RuntimeException failure) {
                DeviceKernels device =
                        kernels().device().filter(one -> one.isFull(failure)).orElseThrow(() -> failure);
                workspaces.forEach(ThreadWorkspace::free);
                device.freeUnused();
                device.batchLimit().lower(Math.ceilDiv(samples, batches), failure);
            }
        }
    }

    /**
     * Runs {@code piece}, which consists of calls of kernels, for every index below {@code count}. If the kernels are
     * those of a device, the calling thread starts them, because handing them over would take longer.
     */
    public void startEach(int count, IntConsumer piece) {
        if (kernels().device().isPresent()) {
            IntStream.range(0, count).forEach(piece);
        } else {
            forEach(count, piece);
        }
    }

    /** Runs {@code piece} for every index below {@code count}. */
    public void forEach(int count, IntConsumer piece) {
        map(count, (index, workspace) -> {
            piece.accept(index);
            return index;
        });
    }

    /** The kernels for which the threads allocate memory. */
    public Kernels kernels() {
        return workspaces.getFirst().kernels();
    }

    public int count() {
        return workspaces.size();
    }

    /** Makes all memory that was allocated from the threads' workspaces available for reuse. */
    public void reset() {
        workspaces.forEach(ThreadWorkspace::reset);
    }

    public long allocatedElements() {
        return workspaces.stream().mapToLong(ThreadWorkspace::allocatedElements).sum();
    }

    @Override
    public void close() {
        if (ownsThreads) {
            executor.close();
        }
        workspaces.forEach(ThreadWorkspace::close);
    }
}
