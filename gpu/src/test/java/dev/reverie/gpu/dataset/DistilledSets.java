package dev.reverie.gpu.dataset;

import java.util.Arrays;
import java.util.List;

/** Distilled sets for tests of their files. */
final class DistilledSets {

    static final ImageShape SHAPE = new ImageShape(3, 2, 2);

    private DistilledSets() {}

    /** Two mosaics of two classes, with the factor 2. */
    static DistilledSet small() {
        float[] decoded = new float[8 * SHAPE.size()];
        for (int i = 0; i < decoded.length; i++) {
            decoded[i] = i / 100f;
        }
        return new DistilledSet(
                ImageBatch.of(SHAPE, decoded),
                List.of(0, 0, 0, 0, 1, 1, 1, 1),
                ImageBatch.of(SHAPE, Arrays.copyOf(decoded, 2 * SHAPE.size())),
                List.of(0, 1),
                2,
                new Normalisation(List.of(0.5, 0.25, 0.125), List.of(1.0, 0.5, 0.25)),
                ClassList.of(List.of("Bag", "Tücher")));
    }

    /** The same with 8 bits per value. */
    static DistilledSet smallBytes() {
        DistilledSet floats = small();
        return new DistilledSet(
                floats.images().as(Dtype.UINT8),
                floats.labels(),
                floats.parameters().as(Dtype.UINT8),
                floats.parameterLabels(),
                floats.factor(),
                floats.normalisation(),
                floats.classes());
    }

    /** An image of each of two classes, between which others were forgotten. */
    static DistilledSet withGap() {
        ImageBatch images = ImageBatch.of(SHAPE, new float[2 * SHAPE.size()]);
        List<Integer> labels = List.of(38_480, 7);
        ClassList classes = new ClassList(List.of(7, 38_480), List.of("cat", "dog"));
        return new DistilledSet(images, labels, images, labels, 1, small().normalisation(), classes);
    }
}
