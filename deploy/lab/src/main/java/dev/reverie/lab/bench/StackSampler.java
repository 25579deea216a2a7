package dev.reverie.lab.bench;

import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.lab.bench.KernelProfile.KernelUse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingStream;

/**
 * Samples the Java code outside the kernels every 10 ms of CPU time, with JDK Flight Recorder. A sample counts for the
 * innermost Reverie class on the stack, tensor classes excluded; for example, copying a tensor counts for the caller.
 * Only Java on Linux measures the CPU time of threads for samples: on other systems, there are none.
 */
final class StackSampler implements AutoCloseable {

    private static final String EVENT = "jdk.CPUTimeSample";
    private static final Duration PERIOD = Duration.ofMillis(10);
    private static final double NANOS = 1e9;
    private static final String REVERIE = "dev.reverie.";

    private static final List<String> TENSORS = List.of(Kernels.class.getPackageName(), "dev.reverie.gpu.torch");

    private static final String LIBRARIES = "libraries";

    /** The innermost classes while a kernel computes. */
    private static final Set<String> KERNELS =
            Set.of(WatchedCalls.class.getSimpleName(), KernelProfile.class.getSimpleName());

    private final InstantSource clock;
    private final RecordingStream stream = new RecordingStream();
    private final Map<String, LongAdder> byClass = new ConcurrentHashMap<>();
    private volatile Instant begin = Instant.MAX;

    StackSampler(InstantSource clock) {
        this.clock = clock;
        stream.enable(EVENT).with("throttle", PERIOD.toMillis() + "ms");
        stream.onEvent(EVENT, this::count);
        stream.startAsync();
    }

    /** Starts counting; earlier samples are ignored. */
    void begin() {
        begin = clock.instant();
    }

    /** Stops sampling and returns the times of the classes, summed over all cores. */
    List<KernelUse> end() {
        stream.stop();
        return byClass.entrySet().stream()
                .map(entry -> KernelUse.outsideKernels(
                        entry.getKey(), entry.getValue().sum() / NANOS))
                .toList();
    }

    private void count(RecordedEvent sample) {
        if (sample.getStackTrace() == null || sample.getStartTime().isBefore(begin)) {
            return;
        }
        List<String> classes = sample.getStackTrace().getFrames().stream()
                .map(StackSampler::outermostClass)
                .toList();
        String owner = owner(classes);
        if (!KERNELS.contains(owner)) {
            byClass.computeIfAbsent(owner, any -> new LongAdder())
                    .add(sample.getDuration("samplingPeriod").toNanos());
        }
    }

    private static String owner(List<String> classes) {
        return classes.stream()
                .filter(name -> name.startsWith(REVERIE) && TENSORS.stream().noneMatch(name::startsWith))
                .findFirst()
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .orElse(LIBRARIES);
    }

    private static String outermostClass(RecordedFrame frame) {
        return frame.getMethod().getType().getName().split("\\$", 2)[0];
    }

    @Override
    public void close() {
        stream.close();
    }
}
