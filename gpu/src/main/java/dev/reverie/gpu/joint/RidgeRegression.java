package dev.reverie.gpu.joint;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Kernel ridge regression, fitted to m synthetic images and applied to b real ones, and the derivatives of its loss.
 *
 * <p>With the kernel matrices K of the synthetic images and K_r of real and synthetic ones, and the labels Y and Y_r,
 * the coefficients are alpha = (K + r mean(diag K) I)^-1 Y, the predictions P = K_r alpha, and the loss is |P - Y_r|^2
 * / (2 b), as in KIP (equation 7). A regularisation that is relative to the diagonal does not depend on the scale of
 * the features. Labels are one-hot, less the mean 1 / classes.
 *
 * @param loss half the mean squared distance of predictions and labels
 * @param byKernel derivative with respect to K, {@code [m, m]}, not symmetric
 * @param byRealKernel derivative with respect to K_r, {@code [b, m]}
 */
record RidgeRegression(double loss, RealMatrix byKernel, RealMatrix byRealKernel) {

    /**
     * Fits and applies the regression.
     *
     * @param kernel K, symmetric
     * @param realKernel K_r
     * @param labels one-hot labels of the synthetic images, one row each
     * @param realLabels one-hot labels of the real images
     * @param regularisation r, positive
     */
    static RidgeRegression of(
            double[][] kernel, double[][] realKernel, double[][] labels, double[][] realLabels, double regularisation) {
        int count = kernel.length;
        RealMatrix k = new Array2DRowRealMatrix(kernel, false);
        RealMatrix kr = new Array2DRowRealMatrix(realKernel, false);
        double scale = count / k.getTrace();
        RealMatrix regular = k.add(k.transpose()).scalarMultiply(scale / 2); // symmetric but for rounding errors
        for (int i = 0; i < count; i++) {
            regular.addToEntry(i, i, regularisation);
        }
        DecompositionSolver inverse = new CholeskyDecomposition(regular).getSolver();
        RealMatrix alpha = inverse.solve(centred(labels)).scalarMultiply(scale);
        RealMatrix residual = kr.multiply(alpha).subtract(centred(realLabels)).scalarMultiply(1.0 / realLabels.length);
        double norm = residual.getFrobeniusNorm();
        RealMatrix byAlpha = kr.transpose().multiply(residual);
        RealMatrix byKernel = inverse.solve(byAlpha).multiply(alpha.transpose()).scalarMultiply(-scale);
        double byDiagonal = regularisation * byKernel.getTrace() / count;
        for (int i = 0; i < count; i++) {
            byKernel.addToEntry(i, i, byDiagonal);
        }
        return new RidgeRegression(norm * norm * realLabels.length / 2, byKernel, residual.multiply(alpha.transpose()));
    }

    private static RealMatrix centred(double[][] labels) {
        return new Array2DRowRealMatrix(labels, true).scalarAdd(-1.0 / labels[0].length);
    }
}
