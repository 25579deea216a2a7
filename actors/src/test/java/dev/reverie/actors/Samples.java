package dev.reverie.actors;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.MatchingSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettingsBuilder;
import dev.reverie.gpu.method.RepresentativeSettingsBuilder;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.objective.GradientDistance;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Small images and settings: two stored images of 1x4x4 per class. */
public final class Samples {

    public static final ImageShape SHAPE = new ImageShape(1, 4, 4);

    private Samples() {}

    /** Random images: equal for the same seed, but never the same objects. */
    public static List<Image> images(int count, long seed) {
        return images(SHAPE, count, seed);
    }

    /** Like {@link #images(int, long)}, of any shape. */
    public static List<Image> images(ImageShape shape, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    byte[] pixels = new byte[shape.size()];
                    random.nextBytes(pixels);
                    return Image.of(shape, pixels);
                })
                .toList();
    }

    /** Values in [-1, 1). */
    public static float[] floats(int count, SplittableRandom random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }

    public static DistillationSettings settings(Method method) {
        return DistillationSettings.of(method)
                .ipc(2)
                .factor(1)
                .network(NetworkSettingsBuilder.builder()
                        .width(4)
                        .depth(2)
                        .learningRate(0.01)
                        .momentum(0.9)
                        .augmentation("color")
                        .build())
                .matching(MatchingSettingsBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(0.1)
                        .momentum(0.5)
                        .augmentation("color")
                        .maxDecoded(128)
                        .build())
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(3)
                        .interval(2)
                        .candidates(5)
                        .build())
                .schedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(2)
                        .innerLoops(3)
                        .networkSamples(8)
                        .networkBatch(4)
                        .selectionSamples(6)
                        .build())
                .seed(7)
                .build();
    }
}
