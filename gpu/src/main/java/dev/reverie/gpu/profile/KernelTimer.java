package dev.reverie.gpu.profile;

import dev.reverie.gpu.profile.ForwardingKernels.Kind;
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
 * Measures the time of the calls of each kind of kernel. On a CPU, this is the time of the computation. On a GPU, a
 * call returns before its computation ends, so this is mostly the time to start it, and kernels that only a device has
 * are not measured. It is cheap enough to be left on at all times. Thread safe.
 */
public final class KernelTimer {

    private static final double NANOS = 1e9;

    private final LongSupplier nanos;
    private final Map<Kind, LongAdder> durations = new EnumMap<>(Kind.class);

    /**
     * Starts a timer at zero.
     *
     * @param nanos a monotonic clock in nanoseconds
     */
    public KernelTimer(LongSupplier nanos) {
        this.nanos = nanos;
        EnumSet.allOf(Kind.class).forEach(kernel -> durations.put(kernel, new LongAdder()));
    }

    /** Wraps kernels so that this timer measures their calls; several kernels can share one timer. */
    public Kernels timing(Kernels kernels) {
        return new ForwardingKernels(kernels) {
            @Override
            void watch(Kind kernel, long flop, Runnable call, Tensor... touched) {
                long start = nanos.getAsLong();
                call.run();
                note(kernel, nanos.getAsLong() - start);
            }
        };
    }

    private void note(Kind kernel, long duration) {
        Objects.requireNonNull(durations.get(kernel)).add(duration);
    }

    /** Seconds spent in each kind of kernel so far, summed over threads, by the name of the kernel's method. */
    public Map<String, Double> seconds() {
        return durations.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        entry -> entry.getKey().label(),
                        entry -> entry.getValue().sum() / NANOS));
    }
}
