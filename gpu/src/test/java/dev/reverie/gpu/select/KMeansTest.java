package dev.reverie.gpu.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.reverie.gpu.select.KMeans.Clustering;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KMeansTest {

    private static final int DIMENSION = 6;

    private final Kernels kernels = Device.kernels();

    @AutoClose
    private final ComputeThreads threads = new ComputeThreads(kernels, 2);

    private final SplittableRandom random = new SplittableRandom(8);

    @Test
    @DisplayName("well separated groups each get a representative, and it is the point nearest to the group's mean")
    void findsSeparatedGroups() {
        int groups = 4;
        double[][] points = new double[600][];
        for (int i = 0; i < points.length; i++) {
            points[i] = random.doubles(DIMENSION, -1, 1).toArray();
            points[i][i % groups] += 50;
        }

        boolean allFound = false;
        for (long seed = 0; seed < 20 && !allFound; seed++) { // a random start may put two centroids in one group
            Clustering clustering = cluster(points, groups, seed);
            HashSet<Integer> found = new HashSet<>();
            for (int representative : clustering.representatives()) {
                found.add(representative % groups);
            }
            allFound = found.size() == groups;
            if (allFound) {
                for (int representative : clustering.representatives()) {
                    assertThat(representative).isEqualTo(nearestToMean(points, representative % groups, groups));
                }
            }
        }
        assertThat(allFound).isTrue();
    }

    @Test
    @DisplayName("the core has the points nearest to any centroid, so that a dense group gives all of them")
    void coreIsDense() {
        double[][] points = new double[60][];
        for (int i = 0; i < points.length; i++) {
            double spread = i < 10 ? 0.01 : 5;
            points[i] = random.doubles(DIMENSION, -spread, spread).toArray();
            points[i][0] += i < 10 ? 100 : 0;
        }

        Clustering clustering = cluster(points, 4, 0);

        assertThat(clustering.representatives()).anyMatch(point -> point >= 10);
        assertThat(clustering.core()).hasSize(4).doesNotHaveDuplicates().allMatch(point -> point < 10);
    }

    @Test
    @DisplayName("the inertia is the mean squared distance to the nearest centroid, which no assignment can lower")
    void inertiaIsThatOfAFixedPoint() {
        double[][] points = new double[300][];
        for (int i = 0; i < points.length; i++) {
            points[i] = random.doubles(DIMENSION, -1, 1).toArray();
        }

        double one = cluster(points, 1, 1).inertia();
        double many = cluster(points, 20, 1).inertia();

        assertThat(one).isCloseTo(variance(points), offset(1e-4));
        assertThat(many).isLessThan(0.7 * one);
    }

    @Test
    @DisplayName("skipped comparisons do not change the result, which is that of Lloyd's algorithm in double precision")
    void endsWhereLloydEnds() {
        for (long seed = 0; seed < 10; seed++) {
            double[][] points = new double[3_000][];
            for (int i = 0; i < points.length; i++) {
                points[i] = random.doubles(DIMENSION, -1, 1).toArray();
                points[i][i % DIMENSION] += 2;
            }

            Clustering clustering = cluster(points, 40, seed);

            double[][] centroids = lloyd(points, RandomSelection.of(points.length, 40, seed));
            assertThat(clustering.inertia()).isCloseTo(inertia(points, centroids), withPercentage(0.001));
            for (int k = 0; k < centroids.length; k++) {
                double[] representative = points[clustering.representatives().get(k)];
                assertThat(squaredDistance(representative, centroids[k]))
                        .isCloseTo(nearest(centroids[k], points), offset(1e-5));
            }
        }
    }

    @Test
    @DisplayName("names the points nearest to each centroid, nearest first, and how many points each cluster has")
    void namesSeveral() {
        double[][] points = new double[90][];
        for (int i = 0; i < points.length; i++) {
            points[i] = random.doubles(DIMENSION, -0.1, 0.1).toArray();
            points[i][0] += i < 60 ? 5 : -5;
        }

        Clustering clustering = cluster(points, 2, 4, 1);

        double[][] centroids = lloyd(points, RandomSelection.of(points.length, 2, 1));
        for (int k = 0; k < 2; k++) {
            double[] centroid = centroids[k];
            assertThat(clustering.nearest().get(k))
                    .containsExactlyElementsOf(IntStream.range(0, points.length)
                            .boxed()
                            .sorted(Comparator.comparing(i -> squaredDistance(points[i], centroid)))
                            .limit(4)
                            .toList());
        }
        assertThat(clustering.sizes()).containsExactlyInAnyOrder(60, 30);
        assertThat(clustering.weighted()).hasSize(90);
        int large = clustering.sizes().indexOf(60);
        assertThat(clustering.nearest().get(large)).allSatisfy(point -> assertThat(clustering.weighted())
                .filteredOn(point::equals)
                .hasSize(15));
    }

    private static double[][] lloyd(double[][] points, List<Integer> start) {
        double[][] centroids = start.stream().map(i -> points[i].clone()).toArray(double[][]::new);
        for (int iteration = 0; iteration < 100; iteration++) {
            double[][] sums = new double[centroids.length][DIMENSION];
            int[] sizes = new int[centroids.length];
            for (double[] point : points) {
                int own = nearestIndex(point, centroids);
                sizes[own]++;
                for (int j = 0; j < DIMENSION; j++) {
                    sums[own][j] += point[j];
                }
            }
            double moved = 0;
            for (int k = 0; k < centroids.length; k++) {
                double[] before = centroids[k];
                int size = sizes[k];
                double[] mean = Arrays.stream(sums[k]).map(sum -> sum / size).toArray();
                moved += squaredDistance(before, mean);
                centroids[k] = mean;
            }
            if (moved <= 1e-4) {
                break;
            }
        }
        return centroids;
    }

    private static double inertia(double[][] points, double[][] centroids) {
        return Arrays.stream(points)
                .mapToDouble(point -> nearest(point, centroids))
                .average()
                .orElseThrow();
    }

    private static double nearest(double[] to, double[][] among) {
        return squaredDistance(to, among[nearestIndex(to, among)]);
    }

    private static int nearestIndex(double[] to, double[][] among) {
        return IntStream.range(0, among.length)
                .reduce((a, b) -> squaredDistance(to, among[b]) < squaredDistance(to, among[a]) ? b : a)
                .orElseThrow();
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        }
        return sum;
    }

    @Test
    @DisplayName("with as many clusters as points, every point is its own representative")
    void everyPointRepresentsItself() {
        double[][] points = new double[7][];
        for (int i = 0; i < points.length; i++) {
            points[i] = random.doubles(DIMENSION, -1, 1).toArray();
        }

        Clustering clustering = cluster(points, 7, 3);

        assertThat(clustering.representatives()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
        assertThat(clustering.inertia()).isCloseTo(0, offset(1e-5));
    }

    @Test
    @DisplayName("identical points leave clusters empty, and each cluster still gets a representative")
    void survivesEmptyClusters() {
        double[][] points = new double[50][DIMENSION];

        assertThat(cluster(points, 5, 2).representatives()).hasSize(5);
    }

    @Test
    @DisplayName("more clusters than points are refused")
    void refusesMoreClustersThanPoints() {
        assertThatThrownBy(() -> cluster(new double[3][DIMENSION], 4, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between 1 and 3");
    }

    @Test
    @DisplayName("features that are not finite are refused, not clustered")
    void refusesNonFiniteFeatures() {
        double[][] points = new double[3][DIMENSION];
        points[1][2] = Double.NaN;

        assertThatThrownBy(() -> cluster(points, 2, 1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("not finite");
    }

    private Clustering cluster(double[][] points, int clusters, long seed) {
        return cluster(points, clusters, 1, seed);
    }

    private Clustering cluster(double[][] points, int clusters, int perCentroid, long seed) {
        try (Tensor matrix = kernels.allocate(points.length, DIMENSION)) {
            for (int i = 0; i < points.length; i++) {
                matrix.write((long) i * DIMENSION, points[i]);
            }
            return KMeans.cluster(matrix, clusters, perCentroid, threads, seed);
        }
    }

    private static int nearestToMean(double[][] points, int group, int groups) {
        double[] mean = new double[DIMENSION];
        int size = 0;
        for (int i = group; i < points.length; i += groups, size++) {
            for (int j = 0; j < DIMENSION; j++) {
                mean[j] += points[i][j];
            }
        }
        int nearest = group;
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = group; i < points.length; i += groups) {
            double squared = 0;
            for (int j = 0; j < DIMENSION; j++) {
                squared += Math.pow(points[i][j] - mean[j] / size, 2);
            }
            if (squared < smallest) {
                smallest = squared;
                nearest = i;
            }
        }
        return nearest;
    }

    private static double variance(double[][] points) {
        double sum = 0;
        for (int j = 0; j < DIMENSION; j++) {
            double mean = 0;
            double square = 0;
            for (double[] point : points) {
                mean += point[j] / points.length;
                square += point[j] * point[j] / points.length;
            }
            sum += square - mean * mean;
        }
        return sum;
    }
}
