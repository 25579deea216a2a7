package dev.reverie.deploy;

import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkVariation;
import dev.reverie.gpu.objective.GradientDistance;
import java.util.List;

/** Settings and class names of a run for tests of telemetry. */
public final class TelemetryFixtures {

    public static final List<String> CLASS_NAMES = List.of("Bag", "Coat");

    private TelemetryFixtures() {}

    public static DistillationSettings settings(int outerIterations, int innerLoops) {
        return new DistillationSettings(
                Method.DREAM,
                10,
                2,
                new DistillationSettings.Network(64, 3, 0.01, 0.9, 5e-4, "color_crop", 0.5, 1, NetworkVariation.NONE),
                new DistillationSettings.Matching(GradientDistance.MSE, 0.1, 0.5, "color_crop_cutout", 40, 0, 0),
                new DistillationSettings.Representatives(64, 10, 512),
                new DistillationSettings.Schedule(outerIterations, innerLoops, 256, 256, 0, 0),
                7);
    }
}
