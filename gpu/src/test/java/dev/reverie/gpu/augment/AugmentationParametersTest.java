package dev.reverie.gpu.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The drawn parameters of augmentations:")
class AugmentationParametersTest {

    private static final int DRAWS = 20_000;

    private static final ImageShape CIFAR = new ImageShape(3, 32, 32);
    private static final ImageShape FASHION = new ImageShape(1, 28, 28);

    private final RandomGenerator random = new SplittableRandom(1);

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
        // On a ramp that is 0 at the centre, the pixel beside the centre gets the scale factor as its value.
        ImageShape shape = new ImageShape(1, 9, 9);
        double[] ramp =
                IntStream.range(0, shape.size()).mapToDouble(i -> i % 9 - 4).toArray();
        double[] slope =
                IntStream.range(0, shape.size()).mapToDouble(i -> i / 9 - 4).toArray();
        List<BilinearSampling> scales = drawn(draw -> BilinearSampling.drawScale(shape, draw));

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
                drawn(draw -> BilinearSampling.drawRotation(shape, draw)).stream()
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

    private static void assertUniform(List<Integer> values, int least, int most) {
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
    private static void assertRange(List<Double> values, double least, double most) {
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
