package dev.reverie.gpu.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {

    private static final int DRAWS_OF_ONE = 600;

    private static final ImageShape SMALL = new ImageShape(3, 8, 6);
    private static final ImageShape CIFAR = new ImageShape(3, 32, 32);
    private static final ImageShape FASHION = new ImageShape(1, 28, 28);

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
            AffineMaps.assertAdjoint(map, SMALL);
            AffineMaps.assertGradient(map, SMALL);
            AffineMaps.assertLeavesArgumentsAlone(map, SMALL);
            AffineMaps.assertAlikeInPlace(map, SMALL);
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
                    .then(AffineWarp.drawRotation(SMALL, replayed))
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
                case AffineWarp resampling -> isSymmetric(resampling) ? "scale" : "rotate";
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

    @Nested
    class Statistics {

        private static final int DRAWS = 20_000;

        @ParameterizedTest(name = "crop of {0} pixels reaches {1}")
        @CsvSource({"28, 4", "32, 4", "64, 8", "8, 1"})
        @DisplayName("crop shifts by up to an eighth")
        void cropReaches(int size, int reach) {
            assertThat(Crop.reach(size)).isEqualTo(reach);
        }

        @Test
        @DisplayName("crop shifts are uniform over -4 to 4 in both directions")
        void cropIsUniform() {
            List<Crop> crops = drawn(draw -> Crop.draw(CIFAR, draw));

            assertUniform(crops.stream().map(Crop::down).toList(), -4, 4);
            assertUniform(crops.stream().map(Crop::right).toList(), -4, 4);
        }

        @ParameterizedTest(name = "cutout of {0} pixels is {1} long")
        @CsvSource({"28, 14", "32, 16", "64, 32", "5, 3"})
        @DisplayName("cutout is half as long as the image")
        void cutoutIsHalf(int size, int side) {
            assertThat(Cutout.side(size)).isEqualTo(side);
        }

        @Test
        @DisplayName("an even cutout window has size + 1 positions, an odd one size")
        void cutoutIsUniform() {
            List<Cutout> even = drawn(draw -> Cutout.draw(CIFAR, draw));
            List<Cutout> odd = drawn(draw -> Cutout.draw(new ImageShape(1, 5, 5), draw));

            assertUniform(even.stream().map(Cutout::top).toList(), -8, 24);
            assertUniform(even.stream().map(Cutout::left).toList(), -8, 24);
            assertUniform(odd.stream().map(Cutout::top).toList(), -1, 3);
        }

        @Test
        @DisplayName("flip is a fair coin")
        void flipIsFair() {
            long flipped = drawn(draw -> Flip.draw(CIFAR, draw)).stream()
                    .filter(map -> map instanceof Flip)
                    .count();

            assertThat((double) flipped).isCloseTo(DRAWS / 2.0, within(5 * Math.sqrt(DRAWS) / 2));
        }

        @Test
        @DisplayName("brightness, saturation and contrast are uniform in their ranges")
        void colourIsUniform() {
            List<ColourJitter> colours = drawn(draw -> ColourJitter.draw(FASHION, draw));

            assertRange(colours.stream().map(ColourJitter::brightness).toList(), -0.5, 0.5);
            assertRange(colours.stream().map(ColourJitter::saturation).toList(), 0, 2);
            assertRange(colours.stream().map(ColourJitter::contrast).toList(), 0.5, 1.5);
        }

        @Test
        @DisplayName("scale factors are uniform between 1 / 1.2 and 1.2")
        void scaleIsUniform() {
            // One pixel right of the centre of a ramp reads its own place, hence the factor.
            ImageShape shape = new ImageShape(1, 9, 9);
            double[] ramp =
                    IntStream.range(0, shape.size()).mapToDouble(i -> i % 9 - 4).toArray();
            double[] slope =
                    IntStream.range(0, shape.size()).mapToDouble(i -> i / 9 - 4).toArray();
            List<AffineWarp> scales = drawn(draw -> AffineWarp.drawScale(shape, draw));

            assertRange(scales.stream().map(s -> s.apply(ramp)[4 * 9 + 5]).toList(), 1 / 1.2, 1.2);
            assertRange(scales.stream().map(s -> s.apply(slope)[5 * 9 + 4]).toList(), 1 / 1.2, 1.2);
        }

        @Test
        @DisplayName("angles are uniform between -15 and 15 degrees")
        void rotationIsUniform() {
            ImageShape shape = new ImageShape(1, 9, 9);
            double[] slope =
                    IntStream.range(0, shape.size()).mapToDouble(i -> i / 9 - 4).toArray();

            assertRange(
                    drawn(draw -> AffineWarp.drawRotation(shape, draw)).stream()
                            .map(r -> Math.toDegrees(Math.asin(r.apply(slope)[4 * 9 + 5])))
                            .toList(),
                    -15,
                    15);
        }

        private <T> List<T> drawn(Function<RandomGenerator, T> draw) {
            List<T> results = new ArrayList<>();
            for (int i = 0; i < DRAWS; i++) {
                results.add(draw.apply(random));
            }
            return results;
        }

        private void assertUniform(List<Integer> values, int least, int most) {
            int places = most - least + 1;
            double probability = 1.0 / places;
            double deviation = Math.sqrt(values.size() * probability * (1 - probability));
            Map<Integer, Integer> counts = new HashMap<>();
            values.forEach(value -> counts.merge(value, 1, Integer::sum));
            assertThat(counts.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.rangeClosed(least, most).boxed().toList());
            counts.values().forEach(count -> assertThat((double) count)
                    .isCloseTo(values.size() * probability, within(5 * deviation)));
        }

        /** Inside the range, with the mean and the variance of the uniform distribution. */
        private void assertRange(List<Double> values, double least, double most) {
            double width = most - least;
            double middle = (least + most) / 2;
            double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
            double variance = values.stream()
                    .mapToDouble(v -> (v - middle) * (v - middle))
                    .average()
                    .orElseThrow();
            assertThat(values).allSatisfy(value -> assertThat(value).isBetween(least, most));
            assertThat(mean).isCloseTo(middle, within(5 * width / Math.sqrt(12.0 * DRAWS)));
            // The squared deviation of a uniform variable has variance width^4 / 180.
            assertThat(variance).isCloseTo(width * width / 12, within(5 * width * width / Math.sqrt(180.0 * DRAWS)));
        }
    }
}
