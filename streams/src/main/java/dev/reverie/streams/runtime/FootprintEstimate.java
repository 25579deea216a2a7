package dev.reverie.streams.runtime;

import dev.reverie.actors.intake.IntakeSettings;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.streams.service.ServiceStatus.Footprint;
import java.util.Optional;
import java.util.OptionalDouble;

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

    /**
     * Arrays of the size of the first block's output for each image in a class step that matches features. Measured:
     * docs/guides/scale.md gives the figures.
     */
    private static final int ARRAYS = 2;

    /** The same for a step that matches gradients, which needs second derivatives. */
    private static final int ARRAYS_OF_GRADIENTS = 5;

    private static final int COLOURS = 3;

    /** Loops over which the mean reaches, about as many as the loops of a minute with small images. */
    private static final int LOOPS = 20;

    private final IntakeSettings intake;
    private final long heapBytes;
    private final int threads;
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

    FootprintEstimate(IntakeSettings intake, long heapBytes, int threads) {
        this.intake = intake;
        this.heapBytes = heapBytes;
        this.threads = threads;
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
                heapBytes + RUNTIME_BYTES + engineBytes(shape),
                measured.ofLoops(1),
                measured.ofLoops(loopsToConvergence));
    }

    /**
     * The arrays of an engine on the CPU: for the synthetic images of a class that a step decodes, and for the real
     * ones that are processed at a time.
     */
    private long engineBytes(ImageShape shape) {
        DistillationSettings settings = intake.distillation().apply(shape);
        long synthetic = Math.min(
                (long) settings.ipc() * settings.factor() * settings.factor(),
                settings.matching().maxDecoded());
        long activation = (long) settings.network().width() * shape.planeSize() * Float.BYTES;
        boolean gradients = settings.composition().objective().matchesGradients();
        long real = (long) threads * (gradients ? MICRO_BATCH_OF_GRADIENTS : MICRO_BATCH);
        return (synthetic + real) * activation * (gradients ? ARRAYS_OF_GRADIENTS : ARRAYS);
    }
}
