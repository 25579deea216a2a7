package dev.reverie.gpu.profile;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Keeps the time that kernels take, by the kind of kernel, and nothing else: it costs so little that it may always run.
 * Thread safe.
 */
public final class KernelClock {

    private static final double NANOS = 1e9;

    private final LongSupplier nanos;
    private final Map<KernelKind, LongAdder> taken = new EnumMap<>(KernelKind.class);

    /**
     * A clock by which no kernel has run yet.
     *
     * @param nanos a monotonic clock in nanoseconds
     */
    public KernelClock(LongSupplier nanos) {
        this.nanos = nanos;
        EnumSet.allOf(KernelKind.class).forEach(kernel -> taken.put(kernel, new LongAdder()));
    }

    /** The same kernels, timed; several may share one clock. */
    public Kernels timing(Kernels kernels) {
        return new ForwardingKernels(kernels) {
            @Override
            void watch(KernelKind kernel, long flop, Runnable call, Tensor... touched) {
                long start = nanos.getAsLong();
                call.run();
                note(kernel, nanos.getAsLong() - start);
            }
        };
    }

    private void note(KernelKind kernel, long duration) {
        Objects.requireNonNull(taken.get(kernel)).add(duration);
    }

    /** Seconds spent in each kind of kernel so far, summed over threads, by the name of its method. */
    public Map<String, Double> seconds() {
        return taken.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        entry -> entry.getKey().label(),
                        entry -> entry.getValue().sum() / NANOS));
    }
}
