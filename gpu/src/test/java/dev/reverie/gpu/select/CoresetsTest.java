package dev.reverie.gpu.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoresetsTest {

    private static final int COUNT = 30;
    private static final int DIMENSION = 5;

    private static Features line(float... places) {
        return Features.of(1, places);
    }

    private static float[] cloud(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        float[] values = new float[COUNT * DIMENSION];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double distance(double[] left, double[] right) {
        return Math.sqrt(IntStream.range(0, left.length)
                .mapToDouble(i -> (left[i] - right[i]) * (left[i] - right[i]))
                .sum());
    }

    private static double[] row(float[] values, int row) {
        return IntStream.range(0, DIMENSION)
                .mapToDouble(i -> values[row * DIMENSION + i])
                .toArray();
    }

    private static double[] mean(float[] values, List<Integer> rows) {
        return IntStream.range(0, DIMENSION)
                .mapToDouble(i -> rows.stream()
                        .mapToDouble(row -> values[row * DIMENSION + i])
                        .average()
                        .orElseThrow())
                .toArray();
    }

    private static List<Integer> allRows() {
        return IntStream.range(0, COUNT).boxed().toList();
    }

    private static List<Integer> with(List<Integer> rows, int row) {
        List<Integer> more = new ArrayList<>(rows);
        more.add(row);
        return more;
    }

    @Nested
    class HerdingTest {

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3})
        @DisplayName("each pick brings the mean of the picked ones as near to the class mean as any pick could")
        void followsTheMean(long seed) {
            float[] values = cloud(seed);
            double[] mean = mean(values, allRows());
            List<Integer> expected = new ArrayList<>();
            while (expected.size() < COUNT) {
                expected.add(allRows().stream()
                        .filter(row -> !expected.contains(row))
                        .min(Comparator.comparingDouble(row -> distance(mean, mean(values, with(expected, row)))))
                        .orElseThrow());
            }

            assertThat(Coresets.herding(Features.of(DIMENSION, values), COUNT)).isEqualTo(expected);
        }

        @Test
        @DisplayName("balances a pick on one side with a pick on the other")
        void balances() {
            assertThat(Coresets.herding(line(-4, -1, 0.5f, 1, 3.5f), 3)).containsExactly(2, 1, 3);
        }

        @Test
        @DisplayName("picks the first of equal images, and no image twice")
        void picksTheFirstOfEquals() {
            assertThat(Coresets.herding(line(1, 1, 1), 3)).containsExactly(0, 1, 2);
        }
    }

    @Nested
    class KCenterTest {

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3})
        @DisplayName("starts next to the mean and then picks the image that is covered worst")
        void coversTheWorst(long seed) {
            float[] values = cloud(seed);
            double[] mean = mean(values, allRows());
            List<Integer> expected = new ArrayList<>();
            expected.add(allRows().stream()
                    .min(Comparator.comparingDouble(row -> distance(mean, row(values, row))))
                    .orElseThrow());
            while (expected.size() < COUNT) {
                expected.add(allRows().stream()
                        .max(Comparator.comparingDouble(row -> expected.stream()
                                .mapToDouble(center -> distance(row(values, row), row(values, center)))
                                .min()
                                .orElseThrow()))
                        .orElseThrow());
            }

            assertThat(Coresets.kCenter(Features.of(DIMENSION, values), COUNT)).isEqualTo(expected);
        }

        @Test
        @DisplayName("goes from the middle to one end, to the other, and then into the largest gap")
        void spreads() {
            assertThat(Coresets.kCenter(line(0, 4, 5, 7, 10.5f), 4)).containsExactly(2, 4, 0, 3);
        }

        @Test
        @DisplayName("picks duplicates only when nothing else is left, and no image twice")
        void survivesDuplicates() {
            assertThat(Coresets.kCenter(line(1, 1, 2), 3)).containsExactly(0, 2, 1);
        }
    }

    @Nested
    class RankingByTheMeanTest {

        /** Mean 4; distances 4, 1, 3, 8 and 0. */
        private final Features features = line(0, 3, 1, 12, 4);

        @Test
        @DisplayName("begins with the nearest or with the farthest images")
        void ranks() {
            assertThat(Coresets.nearestToMean(features, 3)).containsExactly(4, 1, 2);
            assertThat(Coresets.farthestFromMean(features, 2)).containsExactly(3, 0);
        }

        @Test
        @DisplayName("is limited to the existing images")
        void tooMany() {
            assertThatThrownBy(() -> Coresets.nearestToMean(features, 6))
                    .hasMessageContaining("cannot choose 6 of 5 images");
        }
    }

    @Nested
    class FeaturesTest {

        @Test
        @DisplayName("are read-only, and do not change with the source array")
        void areImmutable() {
            float[] values = {1, 2, 3, 4};
            Features features = Features.of(2, values);
            values[0] = 9;

            assertThat(features.values().get(0)).isEqualTo(1);
            assertThat(features.count()).isEqualTo(2);
            assertThat(features.mean()).containsExactly(new double[] {2, 3}, within(0.0));
            assertThatThrownBy(() -> features.values().put(0, 5)).isInstanceOf(ReadOnlyBufferException.class);
        }

        @Test
        @DisplayName("must be finite and fill whole rows")
        void areChecked() {
            assertThatThrownBy(() -> Features.of(2, new float[] {1, 2, 3}))
                    .hasMessage("features come in rows of 2, got 3 values");
            assertThatThrownBy(() -> Features.of(2, new float[] {1, 2, Float.NaN, 3}))
                    .hasMessage("features must be finite, got NaN for image 1; check whether the network diverged");
        }

        @Test
        @DisplayName("refuses to pick more images than exist")
        void areFinite() {
            assertThatThrownBy(() -> Coresets.herding(line(1, 2), 3))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("cannot choose 3 of 2 images; request 0 to 2");
            assertThatThrownBy(() -> Coresets.kCenter(line(1, 2), -1)).hasMessageContaining("cannot choose -1");
        }
    }
}
