package dev.reverie.gpu.torch;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettingsBuilder;
import dev.reverie.gpu.method.MatchingSettings;
import dev.reverie.gpu.method.MatchingSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettingsBuilder;
import dev.reverie.gpu.method.RepresentativeSettingsBuilder;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.objective.GradientDistance;
import java.util.Random;

/** Settings and random images for matching engines. */
final class SmallTasks {

    private SmallTasks() {}

    /** Returns settings that lack the number of images per class and the factor. */
    static DistillationSettingsBuilder settings(Method method, int width, MatchingSettings matching) {
        return DistillationSettings.of(method)
                .network(NetworkSettingsBuilder.builder()
                        .width(width)
                        .depth(2)
                        .learningRate(0.01)
                        .momentum(0.9)
                        .weightDecay(5e-4)
                        .augmentation("color_crop")
                        .mixProbability(0.5)
                        .build())
                .matching(matching)
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(8)
                        .interval(10)
                        .candidates(100)
                        .build())
                .schedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(1)
                        .innerLoops(10)
                        .networkSamples(64)
                        .networkBatch(32)
                        .build())
                .seed(3);
    }

    static MatchingSettings matching(GradientDistance distance) {
        return MatchingSettingsBuilder.builder()
                .distance(distance)
                .learningRate(0.1)
                .momentum(0.5)
                .augmentation("color_crop_cutout")
                .maxDecoded(128)
                .build();
    }

    static Image image(ImageShape shape, Random random) {
        byte[] levels = new byte[shape.size()];
        random.nextBytes(levels);
        return Image.of(shape, levels);
    }

    static float[] values(int count, Random random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }
}
