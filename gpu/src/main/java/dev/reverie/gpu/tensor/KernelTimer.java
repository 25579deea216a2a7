package dev.reverie.gpu.tensor;

import dev.reverie.gpu.WatchedCalls;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Measures the time of the calls of each primitive of {@link Kernels}. On a CPU, this is the time of the computation.
 * On a GPU, a call returns before its computation ends, so this is mostly the time to start it, and kernels that only a
 * device has are not measured. It is cheap enough to be left on at all times. Thread safe.
 */
public final class KernelTimer {

    private static final double NANOS = 1e9;

    private final LongSupplier nanos;
    private final Map<String, LongAdder> durations = Arrays.stream(Kernels.class.getMethods())
            .filter(method -> method.getReturnType() == void.class)
            .collect(Collectors.toUnmodifiableMap(Method::getName, _ -> new LongAdder()));

    /** Starts a timer at zero, with a monotonic clock in nanoseconds. */
    public KernelTimer(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Wraps kernels so that this timer measures their calls; several kernels can share one timer. */
    public Kernels timing(Kernels kernels) {
        return WatchedCalls.of(Kernels.class, kernels, (method, _) -> Optional.ofNullable(durations.get(method))
                .map(this::begun)
                .orElse(() -> {}));
    }

    private Runnable begun(LongAdder duration) {
        long start = nanos.getAsLong();
        return () -> duration.add(nanos.getAsLong() - start);
    }

    /** Seconds spent in each primitive so far, summed over threads, by the name of its method. */
    public Map<String, Double> seconds() {
        return durations.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().sum() / NANOS));
    }
}
