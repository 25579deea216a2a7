package dev.reverie.gpu.select;

import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Lloyd's k-means on a device. It compares every point with every centroid: this takes a device less time than the host
 * would take to find out which comparisons can be spared.
 */
final class DeviceLloydIteration implements KMeans.LloydIteration {

    private final DeviceKernels kernels;
    private final Tensor points;
    private final Tensor centroids;
    private final Tensor sizes;

    DeviceLloydIteration(Tensor points, int clusters, DeviceKernels kernels) {
        KMeans.requireFinite(kernels.squaredNorm(points));
        this.kernels = kernels;
        this.points = points;
        this.centroids = kernels.allocate(clusters, points.dimension(1));
        this.sizes = kernels.allocate(clusters);
    }

    @Override
    public void start(List<Integer> chosen) {
        for (int k = 0; k < chosen.size(); k++) {
            points.copyRowTo(centroids, chosen.get(k), k);
        }
    }

    @Override
    public double iterate() {
        return kernels.recentre(points, centroids, sizes);
    }

    @Override
    public KMeans.Clustering clustering(int perCentroid) {
        double[][] squared = kernels.squaredDistances(points, centroids);
        NearestPoints nearest = new NearestPoints(centroids.dimension(0), perCentroid);
        for (int point = 0; point < squared.length; point++) {
            nearest.offer(point, squared[point]);
        }
        return KMeans.Clustering.of(
                nearest, Arrays.stream(squared).map(KMeans.NearestCentroid::of).toArray(KMeans.NearestCentroid[]::new));
    }

    @Override
    public void close() {
        centroids.close();
        sizes.close();
    }
}
