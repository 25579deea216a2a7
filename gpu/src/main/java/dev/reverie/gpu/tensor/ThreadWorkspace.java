package dev.reverie.gpu.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reusable working memory of one compute thread. Steps of the same kind use tensors of the same shapes, so later steps
 * reuse the memory of the first one. Not thread safe.
 */
public final class ThreadWorkspace implements AutoCloseable {

    private final Kernels kernels;
    private final Map<List<Integer>, Deque<Tensor>> free = new HashMap<>();
    private final List<Tensor> allocated = new ArrayList<>();
    private long allocatedElements;

    public ThreadWorkspace(Kernels kernels) {
        this.kernels = kernels;
    }

    /** The kernels for which this workspace allocates tensors. */
    public Kernels kernels() {
        return kernels;
    }

    /** Returns a tensor with undefined content, which is valid until the current scope closes. */
    public Tensor take(int... shape) {
        Tensor reused = waiting(shape).pollLast();
        Tensor tensor = reused != null ? reused : allocate(shape);
        allocated.add(tensor);
        return tensor;
    }

    private Deque<Tensor> waiting(int... shape) {
        return free.computeIfAbsent(Arrays.stream(shape).boxed().toList(), any -> new ArrayDeque<>());
    }

    private Tensor allocate(int... shape) {
        Tensor tensor = kernels.allocate(shape);
        allocatedElements += tensor.size();
        return tensor;
    }

    /** Total number of elements allocated; constant in the steady state. */
    public long allocatedElements() {
        return allocatedElements;
    }

    /**
     * Opens a scope. Closing the scope makes all tensors that were taken since then available for reuse. Scopes can be
     * nested.
     */
    public Scope scope() {
        return new Scope(allocated.size());
    }

    /** Makes all tensors available for reuse. */
    public void reset() {
        release(0);
    }

    private void release(int mark) {
        while (allocated.size() > mark) {
            Tensor tensor = allocated.removeLast();
            waiting(tensor.shape()).addLast(tensor);
        }
    }

    @Override
    public void close() {
        reset();
        free.values().forEach(tensors -> tensors.forEach(Tensor::close));
        free.clear();
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
