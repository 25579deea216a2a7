package dev.reverie.deploy.experiments.analyze;

import dev.reverie.gpu.select.Features;
import java.nio.FloatBuffer;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * The plane in which points spread the most: the first two principal components, through their mean.
 *
 * @param mean of the points
 * @param directions {@code [dimension, 2]}, of length 1, at right angles
 * @param explained share of the variance of the points within the plane, in [0, 1]
 */
record PrincipalPlane(RealVector mean, RealMatrix directions, double explained) {

    private static final int AXES = 2;

    /**
     * Of at least three points that are not all on one line. Found by the inner products of the points, of which there
     * are fewer than dimensions as a rule.
     *
     * @throws IllegalArgumentException if the points span no plane
     */
    static PrincipalPlane of(Features points) {
        RealVector mean = new ArrayRealVector(points.mean());
        RealMatrix centred = centred(points, mean);
        EigenDecomposition eigen = new EigenDecomposition(centred.multiply(centred.transpose()));
        if (points.count() <= AXES || !(eigen.getRealEigenvalue(1) > 0)) {
            throw new IllegalArgumentException("want points that span a plane");
        }
        RealMatrix directions = new Array2DRowRealMatrix(points.dimension(), AXES);
        for (int axis = 0; axis < AXES; axis++) {
            directions.setColumnVector(
                    axis,
                    centred.transpose().operate(eigen.getEigenvector(axis)).unitVector());
        }
        double within = eigen.getRealEigenvalue(0) + eigen.getRealEigenvalue(1);
        return new PrincipalPlane(mean, directions, within / eigen.getD().getTrace());
    }

    /** Places of points in the plane, {@code [count, 2]}. */
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
