package dev.reverie.gpu.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Runs independent pieces of a step, such as its micro-batches, side by side: one thread a core, each with working
 * memory of its own and native kernels that stay on it. Cores then meet once a step instead of once an operation.
 * Results come back in the order of the pieces whichever lane ran them, so sums over them do not depend on the number
 * of lanes.
 */
public final class ComputeThreads implements AutoCloseable {

    private final List<ThreadWorkspace> workspaces;
    private final ExecutorService executor;

    /**
     * Opens lanes.
     *
     * @param count number of lanes, at least 1
     */
    public ComputeThreads(Kernels kernels, int count) {
        AtomicInteger number = new AtomicInteger();
        this.workspaces = IntStream.range(0, count)
                .mapToObj(thread -> new ThreadWorkspace(kernels))
                .toList();
        this.executor = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(
                    () -> {
                        Device.confineNativeThreads();
                        work.run();
                    },
                    "reverie-compute-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** One piece of work; what it takes from {@code scratch} lives until {@link #reset()} unless it opens a scope. */
    @FunctionalInterface
    public interface Piece<T> {

        T run(int index, ThreadWorkspace workspace);
    }

    /**
     * Runs {@code piece} for every index below {@code count}; returns the results in order of the index. Lane l takes
     * every so many-th piece from l on: always the same ones, so that its working memory stops growing.
     */
    public <T> List<T> map(int count, Piece<T> piece) {
        List<Future<List<T>>> running = new ArrayList<>();
        for (int thread = 0; thread < workspaces.size(); thread++) {
            int first = thread;
            running.add(executor.submit(() -> runThread(first, count, piece)));
        }
        List<List<T>> done = running.stream().map(ComputeThreads::await).toList();
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

    private static <T> T await(Future<T> thread) {
        try {
            return thread.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OutOfMemoryError exhausted) {
                throw exhausted;
            }
            throw new IllegalStateException("a lane failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while computing", e);
        }
    }

    /** Runs {@code piece} for every index below {@code count}. */
    public void forEach(int count, IntConsumer piece) {
        map(count, (index, workspace) -> {
            piece.accept(index);
            return index;
        });
    }

    /** Number of lanes. */
    public int count() {
        return workspaces.size();
    }

    /** Ends the life of everything taken from the lanes' working memory. */
    public void reset() {
        workspaces.forEach(ThreadWorkspace::reset);
    }

    /** Number of elements the lanes ever allocated. */
    public long allocatedElements() {
        return workspaces.stream().mapToLong(ThreadWorkspace::allocatedElements).sum();
    }

    @Override
    public void close() {
        executor.close();
        workspaces.forEach(ThreadWorkspace::close);
    }
}
