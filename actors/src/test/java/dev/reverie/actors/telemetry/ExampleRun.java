package dev.reverie.actors.telemetry;

import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.MatchingSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettingsBuilder;
import dev.reverie.gpu.method.RepresentativeSettingsBuilder;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.objective.GradientDistance;
import java.util.List;

/** The settings and class names of a run whose events are displayed, recorded or counted. */
public final class ExampleRun {

    public static final List<String> CLASS_NAMES = List.of("Bag", "Coat");

    private ExampleRun() {}

    public static DistillationSettings settings(Method method, int outerIterations, int innerLoops) {
        return DistillationSettings.of(method)
                .ipc(10)
                .factor(2)
                .network(NetworkSettingsBuilder.builder()
                        .width(64)
                        .depth(3)
                        .learningRate(0.01)
                        .momentum(0.9)
                        .weightDecay(5e-4)
                        .augmentation("color_crop")
                        .mixProbability(0.5)
                        .build())
                .matching(MatchingSettingsBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(0.1)
                        .momentum(0.5)
                        .augmentation("color_crop_cutout")
                        .maxDecoded(40)
                        .build())
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(64)
                        .interval(10)
                        .candidates(512)
                        .build())
                .schedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(outerIterations)
                        .innerLoops(innerLoops)
                        .networkSamples(256)
                        .networkBatch(256)
                        .build())
                .seed(7)
                .build();
    }
}
