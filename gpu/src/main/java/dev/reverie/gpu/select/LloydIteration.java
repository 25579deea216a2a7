package dev.reverie.gpu.select;

import java.util.List;

/** The state of Lloyd's k-means, in memory of the host or of a device. */
sealed interface LloydIteration extends AutoCloseable permits HostLloydIteration, DeviceLloydIteration {

    /** Places the centroids at the given points. */
    void start(List<Integer> chosen);

    /**
     * Assigns each point to its nearest centroid, the one with the lowest index on a tie, and moves each centroid to
     * the mean of its points. The centroid of an empty cluster stays where it is.
     *
     * @return the sum of the squared distances by which the centroids moved
     */
    double iterate();

    /** Compares every point with the centroids and finds the points nearest to each centroid. */
    KMeans.Clustering clustering(int perCentroid);

    @Override
    void close();
}
