package dev.reverie.gpu.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A stratified selection")
class StratifiedSelectionTest {

    private static final int DIMENSION = 4;

    private final Kernels kernels = Device.kernels();
    private final SplittableRandom random = new SplittableRandom(5);

    @Test
    @DisplayName("puts one image of each stratum into a batch, and each image into one batch of an epoch")
    void oneOfEachStratum() {
        List<Integer> epoch = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            List<Integer> batch = StratifiedSelection.batch(40, 8, number, 3);
            for (int stratum = 0; stratum < 8; stratum++) {
                assertThat(batch.get(stratum)).isBetween(5 * stratum, 5 * stratum + 4);
            }
            epoch.addAll(batch);
        }
        assertThat(epoch)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 40).boxed().toList());
        assertThat(StratifiedSelection.batch(40, 8, 5, 3))
                .as("the first batch of the next epoch")
                .isNotEqualTo(StratifiedSelection.batch(40, 8, 0, 3));
    }

    @Test
    @DisplayName("has strata that differ by at most one image, and leaves other images out in other epochs")
    void unequalStrata() {
        List<Integer> starts = List.of(0, 5, 10, 16, 21, 26, 32, 37, 43);
        Set<Integer> seen = new HashSet<>();
        for (int epoch = 0; epoch < 10; epoch++) {
            List<Integer> places = new ArrayList<>();
            for (int number = 5 * epoch; number < 5 * epoch + 5; number++) {
                List<Integer> batch = StratifiedSelection.batch(43, 8, number, 3);
                for (int stratum = 0; stratum < 8; stratum++) {
                    assertThat(batch.get(stratum)).isBetween(starts.get(stratum), starts.get(stratum + 1) - 1);
                }
                places.addAll(batch);
            }
            assertThat(places).hasSize(40).doesNotHaveDuplicates();
            seen.addAll(places);
        }
        assertThat(seen).hasSize(43);
    }

    @Test
    @DisplayName("takes every image equally often if the strata have equal sizes")
    void isUniform() {
        int batches = 6000;
        int[] counts = new int[12];
        for (long number = 0; number < batches; number++) {
            StratifiedSelection.batch(12, 4, 0, number * 4).forEach(place -> counts[place]++);
        }
        double deviation = Math.sqrt(batches * (1.0 / 3) * (2.0 / 3));
        assertThat(counts).satisfies(all -> {
            for (int count : all) {
                assertThat((double) count).isCloseTo(batches / 3.0, within(5 * deviation));
            }
        });
    }

    @Test
    @DisplayName("takes all images if there are fewer than a batch needs, and none of none")
    void fewImages() {
        assertThat(StratifiedSelection.batch(3, 8, 7, 1)).containsExactly(0, 1, 2);
        assertThat(StratifiedSelection.batch(0, 8, 7, 1)).isEmpty();
    }

    @Test
    @DisplayName("refuses a batch without images and a negative number")
    void refusesImpossibleBatches() {
        assertThatThrownBy(() -> StratifiedSelection.batch(10, 0, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a batch needs at least 1 image");
        assertThatThrownBy(() -> StratifiedSelection.batch(10, 2, -1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("orders all images so that similar clusters follow each other")
    void similarClustersFollowEachOther() {
        float[] points = groups(4, 15);

        List<Integer> order = order(points, 16);

        assertThat(order)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 60).boxed().toList());
        List<Integer> groups = order.stream().map(point -> point % 4).toList();
        long changes = IntStream.range(1, 60)
                .filter(i -> !groups.get(i).equals(groups.get(i - 1)))
                .count();
        assertThat(changes).isEqualTo(3);
    }

    @Test
    @DisplayName("has batches whose mean varies less than that of random batches, around the same mean")
    void variesLess() {
        float[] points = groups(4, 50);
        List<Integer> order = order(points, 8);
        double[] mean = Features.of(DIMENSION, points).mean();

        double stratified =
                meanSquaredError(points, mean, number -> StratifiedSelection.batch(200, 8, number, 1).stream()
                        .map(order::get)
                        .toList());
        double atRandom = meanSquaredError(points, mean, number -> RandomSelection.batch(200, 8, number, 1));

        assertThat(stratified).isLessThan(0.3 * atRandom);
    }

    private double meanSquaredError(float[] points, double[] mean, IntFunction<List<Integer>> batch) {
        return IntStream.range(0, 500)
                .mapToDouble(number -> squaredDistance(meanOf(points, batch.apply(number)), mean))
                .average()
                .orElseThrow();
    }

    private static double[] meanOf(float[] points, List<Integer> batch) {
        double[] sum = new double[DIMENSION];
        for (int point : batch) {
            for (int j = 0; j < DIMENSION; j++) {
                sum[j] += points[point * DIMENSION + j];
            }
        }
        return Arrays.stream(sum).map(total -> total / batch.size()).toArray();
    }

    private static double squaredDistance(double[] one, double[] other) {
        return IntStream.range(0, DIMENSION)
                .mapToDouble(j -> (one[j] - other[j]) * (one[j] - other[j]))
                .sum();
    }

    /** Points around as many centres as there are groups; point i belongs to group i modulo {@code groups}. */
    private float[] groups(int groups, int each) {
        float[] points = new float[groups * each * DIMENSION];
        for (int i = 0; i < points.length; i++) {
            boolean centre = i % DIMENSION == i / DIMENSION % groups % DIMENSION;
            points[i] = (float) (random.nextDouble(-1, 1) + (centre ? 20 : 0));
        }
        return points;
    }

    private List<Integer> order(float[] points, int clusters) {
        try (ComputeThreads threads = new ComputeThreads(kernels, 2);
                Tensor matrix = kernels.allocate(points.length / DIMENSION, DIMENSION)) {
            double[] values = new double[points.length];
            Arrays.setAll(values, i -> points[i]);
            matrix.write(0, values);
            KMeans.Clustering clustering = KMeans.cluster(matrix, clusters, 1, threads, 2);
            assertThat(new HashSet<>(clustering.assignment())).hasSizeGreaterThan(1);
            return StratifiedSelection.order(clustering, Features.of(DIMENSION, points));
        }
    }
}
