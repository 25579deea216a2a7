package dev.reverie.gpu.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.augment.MosaicAugmentation.ShuffledPatches;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The augmentation of mosaics")
class MosaicAugmentationTest {

    private static final ImageShape SHAPE = new ImageShape(2, 9, 8);

    private final RandomGenerator random = new SplittableRandom(4);

    @Test
    @DisplayName("has its adjoint in every draw")
    void adjoint() {
        for (AffineImageTransform map : new MosaicAugmentation(SHAPE, 2).drawEach(20, random)) {
            AffineMaps.assertDifferentiable(map, SHAPE);
        }
    }

    @Test
    @DisplayName("puts every patch at every place, and loses no pixel of an odd row")
    void shufflesPatches() {
        double[] image = IntStream.range(0, SHAPE.size()).asDoubleStream().toArray();
        Set<List<Double>> corners = new HashSet<>();
        for (int draw = 0; draw < 50; draw++) {
            double[] shuffled = ShuffledPatches.draw(SHAPE, 2, random).apply(image);

            assertThat(shuffled).containsExactlyInAnyOrder(image);
            corners.add(List.of(shuffled[0], shuffled[4]));
        }
        // then the first row begins with one of four patches, and its second half with the other patch of that row
        assertThat(corners)
                .containsExactlyInAnyOrder(
                        List.of(0.0, 4.0), List.of(4.0, 0.0), List.of(32.0, 36.0), List.of(36.0, 32.0));
    }

    @Test
    @DisplayName("enlarges a part as torch.nn.functional.interpolate does, whatever lies around it")
    void enlarges() {
        // given a part of 1, 2 / 3, 4 within other values
        ImageShape square = new ImageShape(1, 4, 4);
        double[] image = {9, 9, 9, 9, 9, 1, 2, 9, 9, 3, 4, 9, 9, 9, 9, 9};

        double[] enlarged = BilinearSampling.resizedCrop(square, 1, 1, 2, 2).apply(image);

        assertThat(enlarged)
                .containsExactly(
                        1, 1.25, 1.75, 2, //
                        1.5, 1.75, 2.25, 2.5, //
                        2.5, 2.75, 3.25, 3.5, //
                        3, 3.25, 3.75, 4);
    }

    @Test
    @DisplayName("draws parts between the least area and the whole image, anywhere in the image")
    void drawsParts() {
        ImageShape large = new ImageShape(1, 40, 40);
        double[] columns = IntStream.range(0, large.size())
                .map(at -> at % 40)
                .asDoubleStream()
                .toArray();
        double[] rows = IntStream.range(0, large.size())
                .map(at -> at / 40)
                .asDoubleStream()
                .toArray();
        double[] areas = new double[400];
        double[] ratios = new double[400];
        double[] ends = new double[400];
        for (int draw = 0; draw < areas.length; draw++) {
            AffineImageTransform part = BilinearSampling.drawCrop(large, 0.5, random);
            double[] seen = part.apply(columns);
            areas[draw] = extent(seen) * extent(part.apply(rows));
            ratios[draw] = extent(seen) / extent(part.apply(rows));
            ends[draw] = DoubleStream.of(seen).min().orElseThrow() / Math.max(1, 40 - extent(seen));
        }

        // then the areas are roughly uniform between half of the image and all of it
        assertThat(DoubleStream.of(areas).boxed())
                .allSatisfy(area -> assertThat(area).isBetween(0.46 * 1600, 1600.0));
        assertThat(DoubleStream.of(areas).average().orElseThrow()).isBetween(0.68 * 1600, 0.78 * 1600);
        // then their aspect ratios lie between 3/4 and 4/3, on both sides of 1, but for whole pixels
        assertThat(DoubleStream.of(ratios).boxed())
                .allSatisfy(ratio -> assertThat(ratio).isBetween(0.72, 1.39))
                .anyMatch(ratio -> ratio < 0.85)
                .anyMatch(ratio -> ratio > 1.18);
        // then they begin anywhere from the first to the last possible column
        assertThat(DoubleStream.of(ends).boxed()).contains(0.0, 1.0);
        assertThat(DoubleStream.of(ends).average().orElseThrow()).isBetween(0.4, 0.6);
    }

    /** The number of different rows or columns that a part shows. */
    private static double extent(double[] values) {
        return DoubleStream.of(values).max().orElseThrow()
                - DoubleStream.of(values).min().orElseThrow()
                + 1;
    }

    @Test
    @DisplayName("is chosen by its strategy, and with one patch only flips")
    void strategy() {
        TrainingAugmentation mosaics = TrainingAugmentation.of(
                new Normalisation(List.of(0.5, 0.5), List.of(1.0, 1.0)),
                TrainingAugmentation.mosaicStrategy(1),
                1,
                SHAPE);

        assertThat(mosaics.augmentation().drawEach(40, random))
                .allMatch(map -> map instanceof Flip || map == AffineImageTransform.identity())
                .anyMatch(Flip.class::isInstance);
    }
}
