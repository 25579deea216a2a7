package dev.reverie.deploy.observe;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated.ClassAccuracy;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The telemetry events of the first inner loop of a service with one class, and of the first evaluation of its memory.
 */
final class LearningEvents {

    private LearningEvents() {}

    static List<TelemetryEvent> events() {
        DistillationSettings settings = Presets.quick("stream", new ImageShape(1, 28, 28), Method.DREAM, 10, 2, 0);
        return List.of(
                new TelemetryEvent.LearningStarted(settings),
                representatives(OptionalDouble.empty()),
                representatives(OptionalDouble.of(0.25)),
                new TelemetryEvent.ClassMatched(0, 0, 0, 3, List.of(1.0, 2.0), 0.01, 0.125),
                new TelemetryEvent.InnerLoopCompleted(0, 0, 3, 2.25, 1, 0.75, 1),
                new TelemetryEvent.MemoryEvaluated(
                        Instant.EPOCH,
                        Instant.EPOCH,
                        List.of(new ClassAccuracy(0, "cat", 200, 0.75)),
                        1,
                        OptionalDouble.of(2.5)));
    }

    private static TelemetryEvent representatives(OptionalDouble migration) {
        return new TelemetryEvent.RepresentativesChosen(0, 0, 0, 32, 1.5, OptionalDouble.of(0.375), migration, 0.25);
    }
}
