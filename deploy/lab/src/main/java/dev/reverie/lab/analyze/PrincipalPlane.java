package dev.reverie.lab.analyze;

import dev.reverie.gpu.select.Features;
import java.nio.FloatBuffer;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * The plane that passes through the mean of a set of points and is spanned by their first two principal components.
 *
 * @param directions the two directions, {@code [dimension, 2]}, orthonormal
 * @param explained share of the variance that the plane explains, in [0, 1]
 */
record PrincipalPlane(RealVector mean, RealMatrix directions, double explained) {

    private static final int AXES = 2;

    /**
     * Fits the plane to at least three points that do not lie on one line. Decomposes the matrix of the inner products
     * of the points, because there are usually fewer points than dimensions.
     *
     * @throws IllegalArgumentException if the points do not span a plane
     */
    static PrincipalPlane of(Features points) {
        RealVector mean = new ArrayRealVector(points.mean());
        RealMatrix centred = centred(points, mean);
        EigenDecomposition eigen = new EigenDecomposition(centred.multiply(centred.transpose()));
        if (points.count() <= AXES || !(eigen.getRealEigenvalue(1) > 0)) {
            throw new IllegalArgumentException("the points do not span a plane");
        }
        RealMatrix directions = new Array2DRowRealMatrix(points.dimension(), AXES);
        for (int axis = 0; axis < AXES; axis++) {
            directions.setColumnVector(
                    axis,
                    centred.transpose().operate(eigen.getEigenvector(axis)).unitVector());
        }
        double varianceInPlane = eigen.getRealEigenvalue(0) + eigen.getRealEigenvalue(1);
        return new PrincipalPlane(
                mean, directions, varianceInPlane / eigen.getD().getTrace());
    }

    /** Projects points onto the plane and returns their coordinates in it, {@code [count, 2]}. */
    double[][] project(Features points) {
        return centred(points, mean).multiply(directions).getData();
    }

    private static RealMatrix centred(Features points, RealVector mean) {
        RealMatrix centred = new Array2DRowRealMatrix(points.count(), points.dimension());
        FloatBuffer values = points.values();
        for (int row = 0; row < points.count(); row++) {
            for (int i = 0; i < points.dimension(); i++) {
                centred.setEntry(row, i, values.get() - mean.getEntry(i));
            }
        }
        return centred;
    }
}
