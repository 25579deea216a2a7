package dev.reverie.gpu.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {

    private static final int DRAWS_OF_ONE = 600;

    private static final ImageShape SMALL = new ImageShape(3, 8, 6);
    private static final ImageShape CIFAR = new ImageShape(3, 32, 32);

    private final RandomGenerator random = new SplittableRandom(1);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "color",
                "crop",
                "cutout",
                "flip",
                "scale",
                "rotate",
                "color_crop",
                "color_crop_cutout",
                "color_crop_scale_rotate",
                "color_crop_flip_scale_rotate",
                "color_crop_cutout_flip_scale_rotate",
                "none"
            })
    @DisplayName("every strategy has its adjoint, leaves its argument unchanged, and does the same in place")
    void isDifferentiable(String strategy) {
        Augmentation augmentation = Augmentation.of(strategy, SMALL);
        for (int i = 0; i < 10; i++) {
            AffineImageTransform map = augmentation.draw(random);
            AffineMaps.assertDifferentiable(map, SMALL);
        }
    }

    @Test
    @DisplayName("none is the identity")
    void noneChangesNothing() {
        assertThat(Augmentation.of("none", SMALL).draw(random)).isSameAs(AffineImageTransform.identity());
    }

    @Test
    @DisplayName("applies flip, then colour, then one of the others, then cutout, whatever the order of the names")
    void keepsTheOrder() {
        Augmentation augmentation = Augmentation.of("cutout_rotate_color_flip", SMALL);
        for (long seed = 0; seed < 20; seed++) {
            RandomGenerator drawing = new SplittableRandom(seed);
            RandomGenerator replayed = new SplittableRandom(seed);
            double[] image = AffineMaps.noise(SMALL, seed);
            replayed.nextInt(1); // the choice among one
            AffineImageTransform expected = Flip.draw(SMALL, replayed)
                    .then(ColourJitter.draw(SMALL, replayed))
                    .then(BilinearSampling.drawRotation(SMALL, replayed))
                    .then(Cutout.draw(SMALL, replayed));

            assertThat(augmentation.draw(drawing).apply(image)).isEqualTo(expected.apply(image));
        }
    }

    @Test
    @DisplayName(
            "a siamese draw treats all images alike: a constant difference between two images remains wherever both are visible")
    void isSiamese() {
        Augmentation augmentation = Augmentation.of("color_crop_cutout", SMALL);
        for (int round = 0; round < 20; round++) {
            double[] image = AffineMaps.noise(SMALL, round);
            double[] brighter = Arrays.stream(image).map(value -> value + 5).toArray();
            AffineImageTransform map = augmentation.draw(random);

            double[] difference = AffineMaps.minus(map.apply(brighter), map.apply(image));

            assertThat(difference).matches(values -> Arrays.stream(values)
                    .allMatch(value -> value == 0 || Math.abs(value - 5) < 1e-12));
            // Half of either side is cut out, and at most one pixel of it cropped away.
            assertThat(Arrays.stream(difference).filter(value -> value != 0).count())
                    .isBetween(3L * (7 * 5 - 4 * 3), 3L * 8 * 6);
        }
    }

    @Test
    @DisplayName("equal generators give equal draws")
    void isDeterministic() {
        Augmentation augmentation = Augmentation.of("color_crop_flip_scale_rotate", SMALL);
        double[] image = AffineMaps.noise(SMALL, 3);

        assertThat(augmentation.draw(new SplittableRandom(9)).apply(image))
                .isEqualTo(augmentation.draw(new SplittableRandom(9)).apply(image));
    }

    @Test
    @DisplayName("names joined by bars are alternatives: one is drawn at a time, all with the same probability")
    void drawsOneOf() {
        Augmentation alternatives = Augmentation.of("color|crop|cutout", SMALL);
        Map<Class<?>, Integer> drawn = new HashMap<>();
        for (int draw = 0; draw < DRAWS_OF_ONE; draw++) {
            drawn.merge(alternatives.draw(random).getClass(), 1, Integer::sum);
        }

        double deviation = Math.sqrt(DRAWS_OF_ONE * (1.0 / 3) * (2.0 / 3));
        assertThat(drawn).containsOnlyKeys(ColourJitter.class, Crop.class, Cutout.class);
        drawn.values()
                .forEach(count -> assertThat((double) count).isCloseTo(DRAWS_OF_ONE / 3.0, within(5 * deviation)));
        assertThat(alternatives).hasToString("color|crop|cutout");
    }

    @Test
    @DisplayName("refuses an unknown name, and lists the known ones")
    void refusesUnknownNames() {
        assertThatThrownBy(() -> Augmentation.of("color_blur", SMALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown augmentation 'blur' in 'color_blur'; join names from flip, color, crop, scale,"
                        + " rotate, cutout by underscores or, for one of them at a time, by bars, or say none");
        assertThatThrownBy(() -> Augmentation.of("", SMALL)).hasMessageContaining("unknown augmentation ''");
        assertThatThrownBy(() -> Augmentation.of("crop_crop", SMALL)).hasMessageContaining("names 'crop' twice");
    }

    @Nested
    class ForEachImage {

        @Test
        @DisplayName("draws parameters of its own for every image")
        void variesInABatch() {
            double[] image = AffineMaps.noise(SMALL, 3);
            List<AffineImageTransform> maps = Augmentation.of("color", SMALL).drawEach(16, random);
            Set<Double> seen = new HashSet<>();
            maps.forEach(map -> seen.add(map.apply(image)[0]));

            assertThat(maps).hasSize(16);
            assertThat(seen).hasSize(16);
        }

        @Test
        @DisplayName("chooses crop, scale or rotate once per batch, with equal probability")
        void choosesPerBatch() {
            Augmentation augmentation = Augmentation.of("crop_scale_rotate", CIFAR);
            int batches = 3000;
            Map<String, Integer> counts = new HashMap<>();
            for (int batch = 0; batch < batches; batch++) {
                Set<String> kinds = new HashSet<>();
                augmentation.drawEach(3, random).forEach(map -> kinds.add(kind(map)));
                assertThat(kinds).hasSize(1);
                counts.merge(kinds.iterator().next(), 1, Integer::sum);
            }

            double deviation = Math.sqrt(batches * (1.0 / 3) * (2.0 / 3));
            assertThat(counts).hasSize(3);
            counts.values()
                    .forEach(count -> assertThat((double) count).isCloseTo(batches / 3.0, within(5 * deviation)));
        }

        /** Crop moves values; scaling is symmetric about the vertical axis; rotation is not. */
        private String kind(AffineImageTransform map) {
            return switch (map) {
                case Crop _ -> "crop";
                case BilinearSampling resampling -> isSymmetric(resampling) ? "scale" : "rotate";
                default -> throw new AssertionError("unexpected " + map);
            };
        }

        private boolean isSymmetric(AffineImageTransform map) {
            double[] ramp = IntStream.range(0, CIFAR.size())
                    .mapToDouble(i -> i / CIFAR.width() % CIFAR.height())
                    .toArray();
            double[] seen = map.apply(ramp);
            int row = 16 * CIFAR.width();
            return Math.abs(seen[row + 12] - seen[row + 19]) < 1e-9;
        }
    }
}
