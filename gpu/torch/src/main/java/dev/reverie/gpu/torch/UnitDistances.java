package dev.reverie.gpu.torch;

import dev.reverie.gpu.objective.GradientDistance;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The distances between the rows of two matrices, by the formulas of {@link GradientDistance} and, like them, in double
 * precision, in which the squares of small gradients do not vanish. The caller opens the scope that frees all
 * temporaries.
 *
 * @param terms terms whose sum is the sum of the distances of all rows
 * @param derivative derivative of that sum with respect to the synthetic matrix
 */
record UnitDistances(Tensor terms, Tensor derivative) {

    /** Compares two matrices in double precision. */
    static UnitDistances of(GradientDistance distance, Tensor real, Tensor synthetic) {
        return switch (distance) {
            case MSE -> squares(synthetic.sub(real));
            case L1 -> magnitudes(synthetic.sub(real), 1);
            case L1_MEAN -> magnitudes(synthetic.sub(real), (double) real.size(1));
            case COS -> cosines(real, synthetic);
        };
    }

    private static UnitDistances squares(Tensor difference) {
        return new UnitDistances(difference.square(), difference.mul(new Scalar(2.0)));
    }

    private static UnitDistances magnitudes(Tensor difference, double divisor) {
        Scalar by = new Scalar(divisor);
        return new UnitDistances(difference.abs().div(by), difference.sign().div(by));
    }

    private static UnitDistances cosines(Tensor real, Tensor synthetic) {
        Tensor realNorm = norms(real);
        Tensor syntheticNorm = norms(synthetic);
        Tensor denominator = realNorm.mul(syntheticNorm).add(new Scalar(GradientDistance.SAFETY));
        Tensor cosine = torch.linalg_vecdot(real, synthetic, -1).unsqueeze(1).div(denominator);
        Tensor shrink = torch.where(
                syntheticNorm.gt(new Scalar(0.0)), cosine.mul(realNorm).div(syntheticNorm), new Scalar(0.0));
        return new UnitDistances(
                cosine.neg().add(new Scalar(1.0)),
                shrink.mul(synthetic).sub(real).div(denominator));
    }

    /** The norm of each row, {@code [n, 1]}. */
    private static Tensor norms(Tensor matrix) {
        return torch.linalg_vector_norm(matrix, new Scalar(2.0), new long[] {-1}, true, new ScalarTypeOptional());
    }
}
