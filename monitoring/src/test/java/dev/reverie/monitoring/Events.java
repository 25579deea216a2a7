package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.ExampleRun;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.CheckpointSaved;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassInitialised;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassJoined;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.LearningStarted;
import dev.reverie.actors.telemetry.TelemetryEvent.NetworkTrained;
import dev.reverie.actors.telemetry.TelemetryEvent.RepresentativesChosen;
import dev.reverie.actors.telemetry.TelemetryEvent.RunStarted;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import java.util.List;
import java.util.OptionalDouble;

/** The telemetry events of a short run with 2 classes. */
final class Events {

    static final int INNER_LOOPS = 2;

    private Events() {}

    static LearningStarted learning(Method method) {
        return new LearningStarted(settings(method));
    }

    static RunStarted started() {
        return new RunStarted(settings(Method.DREAM), ExampleRun.CLASS_NAMES, 0, 0);
    }

    static List<TelemetryEvent> twoClassesJoin() {
        return List.of(
                new ClassJoined(0, "Bag", 600, 10), new ClassJoined(1, "Coat", 500, 10), new ClassInitialised(0, 0.5));
    }

    static List<TelemetryEvent> innerLoop(int outer, int inner) {
        return List.of(
                new RepresentativesChosen(
                        0, outer, inner, 64, 3.5, OptionalDouble.of(0.375), OptionalDouble.of(0.75), 0.25),
                new ClassMatched(0, outer, inner, 1.5, List.of(1.0, 0.5), 0.25, 0.125),
                new ClassMatched(1, outer, inner, 2.5, List.of(2.0, 0.5), 0.125, 0.125),
                new NetworkTrained(outer, inner, 2.25, 0.25),
                new InnerLoopCompleted(outer, inner, 2.0, 2.25, 1.0, 0.75, 1.0),
                new CheckpointSaved(outer, inner + 1, 0.0625));
    }

    private static DistillationSettings settings(Method method) {
        return ExampleRun.settings(method, 3, INNER_LOOPS);
    }
}
