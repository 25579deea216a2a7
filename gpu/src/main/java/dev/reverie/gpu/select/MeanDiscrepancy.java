package dev.reverie.gpu.select;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Uses the maximum mean discrepancy with a linear kernel (Gretton et al., JMLR 2012) to measure how well a few points
 * represent all points. This discrepancy is the distance between the mean of the few points and the mean of all points.
 * It is divided by the root mean square distance of all points from their mean, so that values for different networks
 * are comparable. The best value is 0; n points drawn at random with replacement have a value of about 1 / sqrt(n).
 */
public final class MeanDiscrepancy {

    private MeanDiscrepancy() {}

    /**
     * Computes the discrepancy of some rows of a finite matrix, not none; a repeated index counts repeatedly. It is 0
     * if all points are equal.
     */
    public static double of(Tensor points, List<Integer> chosen, Kernels kernels) {
        return from(points, chosen, points, kernels);
    }

    /** Computes the discrepancy of rows of another finite matrix, as {@link #of} does. */
    public static double between(Tensor few, Tensor all, Kernels kernels) {
        return from(few, rows(few), all, kernels);
    }

    private static double from(Tensor few, List<Integer> chosen, Tensor all, Kernels kernels) {
        double[] mean = mean(all, rows(all), kernels);
        double variance = meanSquaredDistance(all, mean, kernels);
        return variance == 0 ? 0 : Math.sqrt(squaredDistance(mean(few, chosen, kernels), mean) / variance);
    }

    private static double meanSquaredDistance(Tensor points, double[] mean, Kernels kernels) {
        return kernels.device()
                .map(device -> device.meanSquaredDistance(points, mean))
                .orElseGet(() -> rows(points).stream()
                        .mapToDouble(i -> squaredDistance(row(points, i), mean))
                        .average()
                        .orElseThrow());
    }

    private static List<Integer> rows(Tensor points) {
        return IntStream.range(0, points.dimension(0)).boxed().toList();
    }

    private static double[] mean(Tensor points, List<Integer> which, Kernels kernels) {
        return kernels.device()
                .map(device -> device.mean(
                        points, which.stream().mapToInt(Integer::intValue).toArray()))
                .orElseGet(() -> meanOnHost(points, which));
    }

    private static double[] meanOnHost(Tensor points, List<Integer> which) {
        double[] mean = new double[points.dimension(1)];
        for (int i : which) {
            double[] row = row(points, i);
            for (int j = 0; j < mean.length; j++) {
                mean[j] += row[j];
            }
        }
        for (int j = 0; j < mean.length; j++) {
            mean[j] /= which.size();
        }
        return mean;
    }

    private static double[] row(Tensor points, int i) {
        double[] row = new double[points.dimension(1)];
        points.read((long) i * row.length, row);
        return row;
    }

    private static double squaredDistance(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (one[i] - other[i]) * (one[i] - other[i]);
        }
        return sum;
    }
}
