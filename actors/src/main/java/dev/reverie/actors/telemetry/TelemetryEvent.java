package dev.reverie.actors.telemetry;

import dev.reverie.gpu.method.DistillationSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An event of a run or a service. Durations are in seconds, {@code outer} (outer iteration) and {@code inner} (inner
 * loop) are numbered from 0, and {@code classIndex} is the index of a class.
 */
public sealed interface TelemetryEvent {

    /** A run starts, or resumes from a checkpoint at the given position. */
    record RunStarted(DistillationSettings settings, List<String> classNames, int outer, int inner)
            implements TelemetryEvent {
        public RunStarted {
            classNames = List.copyOf(classNames);
        }
    }

    /** A service starts to learn, for the first time since its start or since all its classes were forgotten. */
    record LearningStarted(DistillationSettings settings) implements TelemetryEvent {}

    /**
     * A service has only one class with enough images, and waits for a second one.
     *
     * @param minImages number of accepted images that a second class needs before learning starts
     */
    record WaitingForSecondClass(int classIndex, String name, int minImages) implements TelemetryEvent {}

    /**
     * A class takes part in a run from the next inner loop on.
     *
     * @param reservoir number of real images of the class
     */
    record ClassJoined(int classIndex, String name, int reservoir, int images) implements TelemetryEvent {}

    /**
     * A class of a service has entered a phase, possibly its first one, or was forgotten.
     *
     * @param phase empty if the class was forgotten
     */
    record ClassPhaseChanged(int classIndex, String name, Optional<ClassPhase> phase) implements TelemetryEvent {}

    /** A class has its initial synthetic images. */
    record ClassInitialised(int classIndex, double seconds) implements TelemetryEvent {}

    /**
     * A class has new representatives.
     *
     * @param inertia mean squared distance of the candidates to their centroids; NaN if they were not clustered
     * @param discrepancy distance between the representatives and the class, at least 0, see
     *     {@link dev.reverie.gpu.select.MeanDiscrepancy}; empty if the selection does not use features
     * @param migration share of the representatives that are new, in [0, 1]; empty for the first representatives of the
     *     class
     * @param seconds time spent inside the worker
     */
    record RepresentativesChosen(
            int classIndex,
            int outer,
            int inner,
            int count,
            double inertia,
            OptionalDouble discrepancy,
            OptionalDouble migration,
            double seconds)
            implements TelemetryEvent {}

    /**
     * A class step was computed and applied.
     *
     * @param blockLosses contribution of each convolution block of the network to the loss, in order from the input
     * @param change root mean square change per pixel, in [0, 1], of the images that clients get
     * @param seconds time spent inside the worker
     */
    record ClassMatched(
            int classIndex, int outer, int inner, double loss, List<Double> blockLosses, double change, double seconds)
            implements TelemetryEvent {
        public ClassMatched {
            blockLosses = List.copyOf(blockLosses);
        }
    }

    /** A class step failed twice and was skipped. */
    record ClassSkipped(int classIndex, int outer, int inner, String reason) implements TelemetryEvent {}

    /** The worker failed and was restarted with a new engine. */
    record WorkerRestarted(String reason) implements TelemetryEvent {}

    /** The matching network was trained; {@code seconds} is the time spent inside the worker. */
    record NetworkTrained(int outer, int inner, double loss, double seconds) implements TelemetryEvent {}

    /**
     * The network that chooses the images of RDED was trained further.
     *
     * @param samples number of images so far
     * @param total number of images of the whole training
     */
    record ObserverTrained(int samples, int total) implements TelemetryEvent {}

    /**
     * An expert has completed another epoch of its training.
     *
     * @param epoch number of completed epochs
     * @param loss mean cross-entropy of the last training steps
     * @param seconds time spent on those steps inside the worker
     */
    record ExpertTrained(int expert, int epoch, int epochs, double loss, double seconds) implements TelemetryEvent {}

    /**
     * Every class of the loop was visited, and the network was trained if the method trains it.
     *
     * @param matchingLoss mean loss of the classes that were matched; NaN if none was matched
     * @param trainLoss mean cross-entropy of the network's training steps; NaN if it was not trained
     * @param seconds wall time of the loop, including the choice of representatives
     * @param workerSeconds time that all workers together spent on jobs of the loop
     * @param elapsed time since the run was started or last resumed, or since the service was started; in a run,
     *     without evaluations
     */
    record InnerLoopCompleted(
            int outer,
            int inner,
            double matchingLoss,
            double trainLoss,
            double seconds,
            double workerSeconds,
            double elapsed)
            implements TelemetryEvent {}

    /**
     * A service has ended an inner loop.
     *
     * @param loops least number of further loops until all its classes have converged; 0 if none of them is learning
     */
    record ConvergenceExpected(long loops) implements TelemetryEvent {}

    /**
     * The distilled set of a run was evaluated, while the clock of the run stood still.
     *
     * @param outer outer iteration of the next loop
     * @param inner next loop; the set is the result of the loops before
     * @param accuracy share of correct predictions on the test images, in [0, 1]
     * @param elapsed time since the run was started or last resumed, without evaluations
     * @param seconds time spent on the evaluation
     */
    record SetEvaluated(int outer, int inner, double accuracy, double elapsed, double seconds)
            implements TelemetryEvent {}

    /** A checkpoint was saved; a resumed run continues at this position. */
    record CheckpointSaved(int outer, int inner, double seconds) implements TelemetryEvent {}

    /**
     * The memory was evaluated: a network was trained only on it and tested on real images that were set aside.
     *
     * @param taken time at which the memory was copied
     * @param ended time at which the test ended
     * @param accuracies accuracy for each tested class, at least one
     * @param memoryClasses number of classes of the memory, tested or not
     * @param seconds time spent on training and testing, without pauses; empty if another node of the cluster has
     *     evaluated the memory
     */
    record MemoryEvaluated(
            Instant taken, Instant ended, List<ClassAccuracy> accuracies, int memoryClasses, OptionalDouble seconds)
            implements TelemetryEvent {
        public MemoryEvaluated {
            accuracies = List.copyOf(accuracies);
        }

        /**
         * The accuracy on the test images of one class.
         *
         * @param accuracy share of correct predictions, in [0, 1]
         */
        public record ClassAccuracy(int classIndex, String name, int images, double accuracy) {}

        /** Number of test images. */
        public int images() {
            return accuracies.stream().mapToInt(ClassAccuracy::images).sum();
        }

        /** Mean accuracy of the tested classes, in [0, 1]. */
        public double accuracy() {
            return accuracyOn(accuracies);
        }

        /** Mean accuracy of the given classes, at least one, which all count alike. */
        public static double accuracyOn(List<ClassAccuracy> some) {
            return some.stream().mapToDouble(ClassAccuracy::accuracy).average().orElseThrow();
        }
    }

    /** The memory could not be evaluated. */
    record EvaluationFailed(String reason) implements TelemetryEvent {}

    /** This process has read the memory from all classes, in this time. */
    record MemoryGathered(double seconds) implements TelemetryEvent {}

    /** A problem that the user should know about. */
    record Warning(String message) implements TelemetryEvent {}

    /**
     * An event of another node of the cluster.
     *
     * @param node address of that node, {@code host:port}
     */
    record OfAnotherNode(String node, TelemetryEvent event) implements TelemetryEvent {}

    /** The run has ended; {@code seconds} is the time since it was started or last resumed. */
    record RunEnded(Ending ending, int outer, int inner, double seconds) implements TelemetryEvent {}

    /** The reason why a run ended. */
    enum Ending {
        COMPLETED,
        TIME_LIMIT,
        INTERRUPTED
    }
}
