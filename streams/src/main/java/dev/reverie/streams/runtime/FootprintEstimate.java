package dev.reverie.streams.runtime;

import dev.reverie.actors.intake.IntakeSettings;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.streams.service.ServiceStatus.Footprint;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToIntBiFunction;

/** Estimates what the images of a service take, and when it has learned them. Thread safe. */
final class FootprintEstimate implements TelemetryListener {

    /**
     * Memory of the process besides the heap and the arrays of the engine: code, the archive of classes, libraries,
     * buffers, threads, and freed memory that is not given back yet. Measured: docs/guides/scale.md gives the figures.
     */
    private static final long RUNTIME_BYTES = 460L << 20;

    /** Images that a compute thread processes at a time: 5 of 28x28 pixels, 4 of 32x32 and 2 of larger ones. */
    private static final int MICRO_BATCH = 4;

    /** The same for a step that matches gradients. */
    private static final int MICRO_BATCH_OF_GRADIENTS = 16;

    private static final int COLOURS = 3;

    /** Loops over which the mean reaches, about as many as the loops of a minute with small images. */
    private static final int LOOPS = 20;

    private final IntakeSettings intake;
    private final long heapBytes;
    private final int threads;
    private final ToIntBiFunction<DistillationSettings, ImageShape> workers;
    private volatile Loops loops = new Loops(0, 0);
    private volatile long loopsToConvergence;

    private record Loops(int count, double meanSeconds) {

        Loops with(double seconds) {
            int counted = Math.min(count + 1, LOOPS);
            return new Loops(counted, meanSeconds + (seconds - meanSeconds) / counted);
        }

        /** The time of this many loops; empty if there are none, or the pace is unknown. */
        OptionalDouble ofLoops(long number) {
            return count == 0 || number == 0 ? OptionalDouble.empty() : OptionalDouble.of(number * meanSeconds);
        }
    }

    FootprintEstimate(
            IntakeSettings intake,
            long heapBytes,
            int threads,
            ToIntBiFunction<DistillationSettings, ImageShape> workers) {
        this.intake = intake;
        this.heapBytes = heapBytes;
        this.threads = threads;
        this.workers = workers;
    }

    /** Called from one thread. Ignores the loops that matched no class, because they take no time. */
    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case TelemetryEvent.InnerLoopCompleted loop
            when !Double.isNaN(loop.matchingLoss()) -> loops = loops.with(loop.seconds());
            case TelemetryEvent.ConvergenceExpected(var expected) -> loopsToConvergence = expected;
            case TelemetryEvent.ClassPhaseChanged _ -> loopsToConvergence = 0; // unknown until the next loop ends
            default -> {}
        }
    }

    /**
     * Returns the footprint of images; empty while their shape is unknown.
     *
     * @param shape shape of the images in the service; empty before the first one, when images that will be resized
     *     count as colour images
     */
    Optional<Footprint> of(Optional<ImageShape> shape) {
        return shape.or(() -> intake.size()
                        .map(size -> new ImageShape(intake.channels().orElse(COLOURS), size.height(), size.width())))
                .map(this::of);
    }

    private Footprint of(ImageShape shape) {
        Loops measured = loops;
        return new Footprint(
                shape.size(),
                intake.distillation().apply(shape).factor(),
                intake.memoryCost().bytes(shape),
                intake.maxClasses(shape),
                heapBytes + RUNTIME_BYTES + enginesBytes(shape),
                measured.ofLoops(1),
                measured.ofLoops(loopsToConvergence));
    }

    /**
     * The arrays of the engines on the CPU, one for each worker: for the synthetic images of a class that a step
     * decodes, and for the real ones that are processed at a time.
     */
    private long enginesBytes(ImageShape shape) {
        DistillationSettings settings = intake.distillation().apply(shape);
        boolean gradients = settings.composition().objective().matchesGradients();
        int real = threads * (gradients ? MICRO_BATCH_OF_GRADIENTS : MICRO_BATCH);
        return workers.applyAsInt(settings, shape) * settings.stepBytes(shape, settings.decoded(settings.ipc()) + real);
    }
}
