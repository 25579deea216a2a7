package dev.reverie.gpu.joint;

import dev.reverie.gpu.engine.JointTask.FitModel;
import dev.reverie.gpu.engine.JointTask.FollowExpert;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.method.FitSettings.UnrolledSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.TrajectorySettings;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A student's N steps of SGD on the synthetic images, from theta_0 to theta_N, together with the data that the
 * derivatives need: the parameters before each step, and the derivative of the loss with respect to the parameters
 * after each step.
 *
 * <p>In trajectory matching, theta_0 are an expert's parameters and the loss is |theta_N - theta*|^2 / |theta_0 -
 * theta*|^2, where theta* are the parameters that the student should reach (MTT, equation 3). In distillation by
 * back-propagation through training, theta_0 are random parameters after some steps, and the loss is the cross-entropy
 * of real images under theta_N.
 *
 * <p>Let alpha be the learning rate, X_i the images of step i, g_i the gradient of step i, and lambda_i the derivative
 * of the loss with respect to theta_i. The derivative of the loss with respect to X_i is -alpha times the derivative of
 * the inner product of lambda_{i+1} and g_i, which one tangent pass computes. TESLA uses lambda_N for every step, as if
 * each step were independent of the previous ones. Otherwise, all steps are unrolled: lambda_i is lambda_{i+1} - alpha
 * H_i lambda_{i+1}, where another tangent pass computes the product with the Hessian H_i of step i. In both cases, the
 * memory for parameters grows with N, but the memory for activations does not. The tests
 * {@code TrajectoryDerivativesTest} and {@code FitDerivativesTest} compare these derivatives with central differences.
 *
 * <p>An instance is valid until its workspace is reset.
 *
 * @param byNext derivatives of the loss with respect to the parameters after each step; with TESLA, one for all steps
 * @param outcome the loss, and its derivative with respect to the learning rate
 */
record StudentRollout(StudentTrajectory path, List<ParameterSet> byNext, JointOutcome outcome) implements JointLoss {

    /**
     * Lets a student follow an expert.
     *
     * @param task start, target and learning rate
     * @param stored the synthetic images of the task, in double precision because derivative checks change them by less
     *     than the resolution of a float
     * @param student network of the task's architecture, whose parameters are overwritten
     * @param scratch workspace that provides the memory of this rollout
     */
    static StudentRollout following(
            FollowExpert task,
            List<double[][]> stored,
            ConvNet student,
            DistillationContext context,
            ThreadWorkspace scratch) {
        TrajectorySettings settings = context.settings().trajectory().orElseThrow();
        List<StudentBatch> batches =
                StudentBatch.draw(stored, context, settings.batch(), settings.steps(), Seeds.generator(task.seed()));
        student.setParameters(task.start());
        student.velocities().clear();
        StudentTrajectory path = StudentTrajectory.train(student, task.rate(), batches, context.threads(), scratch);
        RolloutEnd end =
                RolloutEnd.atExpert(task.start(), task.target(), path.visited().getLast(), student, scratch);
        return of(path, end, settings.unrolled());
    }

    /**
     * Trains a student from random weights, and compares it with real images. The training ends at a random step from
     * the length of the window on (RaT-BPTT, section 3); only the steps of the window are part of the rollout.
     * Arguments as in {@link #following}.
     */
    static StudentRollout fitted(
            FitModel task,
            UnrolledSettings settings,
            List<double[][]> stored,
            ConvNet student,
            DistillationContext context,
            ThreadWorkspace scratch) {
        RandomGenerator random = Seeds.generator(task.seed());
        student.redraw(random);
        student.velocities().clear();
        int steps = random.nextInt(settings.window(), settings.steps() + 1);
        List<StudentBatch> batches = StudentBatch.draw(stored, context, settings.batch(), steps, random);
        int before = steps - settings.window();
        StudentTrajectory.advance(student, task.rate(), batches.subList(0, before), context.threads());
        StudentTrajectory path = StudentTrajectory.train(
                student, task.rate(), batches.subList(before, steps), context.threads(), scratch);
        return of(path, RolloutEnd.onRealImages(task.real(), student, context, scratch), true);
    }

    private static StudentRollout of(StudentTrajectory path, RolloutEnd end, boolean unrolled) {
        List<ParameterSet> byNext = unrolled ? path.unrolled(end.derivative()) : List.of(end.derivative());
        return new StudentRollout(
                path, byNext, new JointOutcome(end.loss(), end.blockLosses(), learningRateGradient(path, byNext)));
    }

    /**
     * Computes the derivative with respect to the rate: each step adds -rate g_i to the parameters, so the derivative
     * is the sum of the inner products of lambda_{i+1} and -g_i. With TESLA, which has one lambda, the sum over all
     * steps is the product of lambda with the way from theta_0 to theta_N.
     */
    private static double learningRateGradient(StudentTrajectory path, List<ParameterSet> byNext) {
        double sum = 0;
        for (int i = 0; i < byNext.size(); i++) {
            ParameterSet before = path.visited().get(i);
            ParameterSet after = i + 1 < byNext.size()
                    ? path.visited().get(i + 1)
                    : path.visited().getLast();
            sum += byNext.get(i).product(after) - byNext.get(i).product(before);
        }
        return sum / path.rate();
    }

    @Override
    public double[][] imageGradient(int label) {
        List<StudentBatch> batches = path.batches();
        double[][] gradient = batches.getFirst().byClass().get(label).gradient(List.of());
        for (int step = 0; step < batches.size(); step++) {
            if (batches.get(step).byClass().get(label).size() > 0) {
                double[][] share = path.imageGradient(step, label, byNext(step));
                for (int i = 0; i < gradient.length; i++) {
                    for (int at = 0; at < gradient[i].length; at++) {
                        gradient[i][at] -= path.rate() * share[i][at];
                    }
                }
            }
        }
        return gradient;
    }

    private ParameterSet byNext(int step) {
        return byNext.get(Math.min(step, byNext.size() - 1));
    }
}
