package dev.reverie.gpu.matching;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.MatchingSettings;
import dev.reverie.gpu.method.MatchingSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.method.NetworkSettingsBuilder;
import dev.reverie.gpu.method.RepresentativeSettingsBuilder;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.objective.GradientDistance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Settings, networks and random images for a matching engine. */
abstract class AbstractMatchingEngineTest {

    static final int CLASSES = 3;
    static final NetworkId NETWORK = new NetworkId(0, CLASSES);
    static final long DRAW = 99;
    static final long SEED = 3;
    static final double MEAN = 0.4;
    static final double DEVIATION = 0.3;
    final SplittableRandom random = new SplittableRandom(5);

    static DistillationSettings settings(GradientDistance distance, int ipc, int factor, String augmentation) {
        return settings(4, distance, ipc, factor, augmentation);
    }

    static DistillationSettings settings(
            int width, GradientDistance distance, int ipc, int factor, String augmentation) {
        return settings(Method.DREAM, width, ipc, factor, NetworkVariation.NONE, matching(distance, augmentation, 0));
    }

    static DistillationSettings settings(
            Method method, int width, int ipc, int factor, NetworkVariation variation, MatchingSettings matching) {
        return DistillationSettings.of(method)
                .ipc(ipc)
                .factor(factor)
                .network(NetworkSettingsBuilder.builder()
                        .width(width)
                        .depth(3)
                        .learningRate(0.01)
                        .momentum(0.9)
                        .weightDecay(5e-4)
                        .augmentation("color_crop")
                        .mixProbability(0.5)
                        .variation(variation)
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
                .seed(SEED)
                .build();
    }

    static MatchingSettings matching(GradientDistance distance, String augmentation, double calibration) {
        return MatchingSettingsBuilder.builder()
                .distance(distance)
                .learningRate(0.1)
                .momentum(0.5)
                .augmentation(augmentation)
                .maxDecoded(128)
                .calibration(calibration)
                .build();
    }

    static Normalisation normalisation(int channels) {
        return new Normalisation(Collections.nCopies(channels, MEAN), Collections.nCopies(channels, DEVIATION));
    }

    List<Image> images(ImageShape shape, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    byte[] pixels = new byte[shape.size()];
                    random.nextBytes(pixels);
                    return Image.of(shape, pixels);
                })
                .toList();
    }

    /** Vertical stripes, horizontal stripes, and noise. */
    List<LabelledImage> labelled(ImageShape shape, int count) {
        List<LabelledImage> labelled = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[shape.size()];
            int label = i % CLASSES;
            for (int at = 0; at < pixels.length; at++) {
                boolean bright =
                        switch (label) {
                            case 0 -> at % shape.width() % 4 < 2;
                            case 1 -> at / shape.width() % 4 < 2;
                            default -> random.nextBoolean();
                        };
                pixels[at] = (byte) (random.nextInt(60) + (bright ? 150 : 0));
            }
            labelled.add(new LabelledImage(Image.of(shape, pixels), label));
        }
        return labelled;
    }

    float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble();
        }
        return values;
    }
}
