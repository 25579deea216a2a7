package dev.reverie.gpu.tensor;

import java.nio.IntBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reusable working memory of one compute thread. Steps of the same kind use tensors of the same shapes, so later steps
 * reuse the memory of the first one. Batches of many sizes need tensors of many shapes; if these would take more memory
 * than the largest step, the tensors that were not used for longest are freed. Not thread safe.
 */
public final class ThreadWorkspace implements AutoCloseable {

    /** Number of elements that are kept without regard to their use: 32 MiB in single precision. */
    private static final long ALWAYS_KEPT = 1 << 23;

    /**
     * The memory of all tensors on a device, as a multiple of that of the largest step, above which unused ones are
     * freed. On the host it is 1, because allocating takes little time there.
     */
    private static final int SLACK_OF_DEVICE = 2;

    private final Kernels kernels;
    private final long alwaysKept;
    private final int slack;
    /** By shape; two buffers of the same numbers are equal. */
    private final Map<IntBuffer, Deque<Tensor>> waiting = new LinkedHashMap<>(16, 0.75f, true);

    private final List<Tensor> inUse = new ArrayList<>();
    private long allocatedElements;
    private long heldElements;
    private long usedElements;
    private long mostUsedElements;

    public ThreadWorkspace(Kernels kernels) {
        this(kernels, ALWAYS_KEPT);
    }

    ThreadWorkspace(Kernels kernels, long alwaysKept) {
        this.kernels = kernels;
        this.alwaysKept = alwaysKept;
        this.slack = kernels.device().isPresent() ? SLACK_OF_DEVICE : 1;
    }

    public Kernels kernels() {
        return kernels;
    }

    /** Returns a tensor with undefined content, which is valid until the current scope closes. */
    public Tensor take(int... shape) {
        Tensor reused = waitingOf(shape).pollLast();
        Tensor tensor = reused != null ? reused : allocate(shape);
        inUse.add(tensor);
        usedElements += tensor.size();
        mostUsedElements = Math.max(mostUsedElements, usedElements);
        return tensor;
    }

    private Deque<Tensor> waitingOf(int... shape) {
        return waiting.computeIfAbsent(IntBuffer.wrap(shape), any -> new ArrayDeque<>());
    }

    private Tensor allocate(int... shape) {
        long elements = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
        freeUnused(Math.max(alwaysKept, slack * Math.max(mostUsedElements, usedElements + elements)) - elements);
        Tensor tensor = allocateOrMakeRoom(shape);
        allocatedElements += elements;
        heldElements += elements;
        return tensor;
    }

    private Tensor allocateOrMakeRoom(int... shape) {
        try {
            return kernels.allocate(shape);
        } catch (OutOfMemoryError | RuntimeException failure) {
            freeUnused(0);
            return kernels.allocate(shape);
        }
    }

    /** Frees waiting tensors, those of the shape that was not used for longest first, until few enough are held. */
    private void freeUnused(long mostHeld) {
        Iterator<Deque<Tensor>> shapes = waiting.values().iterator();
        while (heldElements > mostHeld && shapes.hasNext()) {
            shapes.next().forEach(this::close);
            shapes.remove();
        }
    }

    private void close(Tensor tensor) {
        heldElements -= tensor.size();
        tensor.close();
    }

    /** Number of elements allocated so far, including those freed since; constant in the steady state. */
    public long allocatedElements() {
        return allocatedElements;
    }

    /** Number of elements that are held now, in use or waiting. */
    long heldElements() {
        return heldElements;
    }

    /**
     * Opens a scope. Closing the scope makes all tensors that were taken since then available for reuse. Scopes can be
     * nested.
     */
    public Scope scope() {
        return new Scope(inUse.size());
    }

    /** Makes all tensors available for reuse. */
    public void reset() {
        release(0);
    }

    private void release(int mark) {
        while (inUse.size() > mark) {
            Tensor tensor = inUse.removeLast();
            usedElements -= tensor.size();
            waitingOf(tensor.shape()).addLast(tensor);
        }
    }

    /** Frees all tensors; later steps allocate theirs again. */
    public void free() {
        reset();
        freeUnused(0);
        mostUsedElements = 0;
    }

    @Override
    public void close() {
        free();
    }

    /** A scope, which owns the tensors that are taken while it is open. */
    public final class Scope implements AutoCloseable {

        private final int mark;

        private Scope(int mark) {
            this.mark = mark;
        }

        @Override
        public void close() {
            release(mark);
        }
    }
}
