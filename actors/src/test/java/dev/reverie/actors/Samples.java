package dev.reverie.actors;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.Matching;
import dev.reverie.gpu.method.DistillationSettings.Network;
import dev.reverie.gpu.method.DistillationSettings.Representatives;
import dev.reverie.gpu.method.DistillationSettings.Schedule;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkVariation;
import dev.reverie.gpu.objective.GradientDistance;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Small images and settings: two stored images of 1x4x4 per class. */
public final class Samples {

    public static final ImageShape SHAPE = new ImageShape(1, 4, 4);

    private Samples() {}

    /** Random images; the same ones for the same seed, but never the same objects. */
    public static List<Image> images(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    byte[] pixels = new byte[SHAPE.size()];
                    random.nextBytes(pixels);
                    return Image.of(SHAPE, pixels);
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
        return new DistillationSettings(
                method,
                2,
                1,
                new Network(4, 2, 0.01, 0.9, 0, "color", 0, 1, NetworkVariation.NONE),
                new Matching(GradientDistance.MSE, 0.1, 0.5, "color", 128, 0, 0),
                new Representatives(3, 2, 5),
                new Schedule(2, 3, 8, 4, 6, 0),
                7);
    }
}
