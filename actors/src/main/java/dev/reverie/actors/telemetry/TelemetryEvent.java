package dev.reverie.actors.telemetry;

import dev.reverie.gpu.method.DistillationSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Something that happened in a distillation. Durations are in seconds; {@code outer} and {@code inner} count from 0;
 * {@code label} is a class index.
 */
public sealed interface TelemetryEvent {

    /** A run begins, or goes on from a checkpoint at the given position. */
    record RunStarted(DistillationSettings settings, List<String> classNames, int outer, int inner)
            implements TelemetryEvent {
        public RunStarted {
            classNames = List.copyOf(classNames);
        }
    }

    /** A service begins to learn, or begins anew with images of another shape. */
    record LearningStarted(DistillationSettings settings) implements TelemetryEvent {}

    /** A class takes part from the next inner loop on. */
    record ClassJoined(int label, String name, int reservoir, int images) implements TelemetryEvent {}

    /**
     * A class of a stream is in another stage, the first one included.
     *
     * @param phase its name, or empty if the class was forgotten
     */
    record ClassPhaseChanged(int label, String name, Optional<String> phase) implements TelemetryEvent {}

    /** A class has its initial synthetic images. */
    record ClassInitialised(int label, double seconds) implements TelemetryEvent {}

    /**
     * A class has new representatives.
     *
     * @param inertia NaN where they were not clustered
     * @param discrepancy how far they are from standing for the class, at least 0, see
     *     {@link dev.reverie.gpu.select.MeanDiscrepancy}; empty where they were chosen without a look at features
     * @param migration share of them that were not representatives before, in [0, 1]; empty if there were none before
     * @param seconds spent inside the worker
     */
    record RepresentativesChosen(
            int label,
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
     * @param byBlock the part of each convolution block of the network in the loss, from the input on
     * @param change root mean square of what that changed in a pixel of the images handed out, whose range is 1
     * @param seconds spent inside the worker
     */
    record ClassMatched(
            int label, int outer, int inner, double loss, List<Double> byBlock, double change, double seconds)
            implements TelemetryEvent {
        public ClassMatched {
            byBlock = List.copyOf(byBlock);
        }
    }

    /** A class step failed twice and was left out. */
    record ClassSkipped(int label, int outer, int inner, String reason) implements TelemetryEvent {}

    /** The worker failed and was started anew. */
    record WorkerRestarted(String reason) implements TelemetryEvent {}

    /** The matching network was trained; seconds as spent inside the worker. */
    record NetworkTrained(int outer, int inner, double loss, double seconds) implements TelemetryEvent {}

    /**
     * An expert has seen one more epoch.
     *
     * @param expert its number, from 0
     * @param epoch epochs it has seen
     * @param epochs those it will have seen in the end
     * @param loss mean cross-entropy of the last training steps
     * @param seconds spent inside the worker for those
     */
    record ExpertTrained(int expert, int epoch, int epochs, double loss, double seconds) implements TelemetryEvent {}

    /**
     * Every class was visited once and the network trained.
     *
     * @param matchingLoss mean over the classes that were matched; NaN if none was
     * @param trainLoss mean cross-entropy of the network's training steps; NaN if it was not trained
     * @param seconds wall time of the loop, representatives included
     * @param workerSeconds part of it spent inside the worker
     */
    record InnerLoopCompleted(
            int outer, int inner, double matchingLoss, double trainLoss, double seconds, double workerSeconds)
            implements TelemetryEvent {}

    /** The state was saved; a resumed run goes on at this position. */
    record CheckpointSaved(int outer, int inner, double seconds) implements TelemetryEvent {}

    /**
     * A learner was trained on the memory alone, and tested on images that came later.
     *
     * @param taken when the memory was taken
     * @param ended when the test was over
     * @param classes those of the test images, at least one
     * @param leftOut images that were not in the test, as the memory had none of their classes
     * @param seconds that the learner worked
     */
    record MemoryEvaluated(Instant taken, Instant ended, List<OfClass> classes, long leftOut, double seconds)
            implements TelemetryEvent {
        public MemoryEvaluated {
            classes = List.copyOf(classes);
        }

        /**
         * The test images of one class.
         *
         * @param accuracy share that was told right, in [0, 1]
         */
        public record OfClass(int label, String name, int images, double accuracy) {}

        /** Number of test images. */
        public int images() {
            return classes.stream().mapToInt(OfClass::images).sum();
        }

        /** The share of all test images that was told right, in [0, 1]. */
        public double accuracy() {
            return accuracyOn(classes);
        }

        /** The share of the test images of some classes, at least one, that was told right. */
        public static double accuracyOn(List<OfClass> some) {
            double right = some.stream()
                    .mapToDouble(each -> each.images() * each.accuracy())
                    .sum();
            return right / some.stream().mapToInt(OfClass::images).sum();
        }
    }

    /** A learner could not be trained on the memory, or not be tested. */
    record EvaluationFailed(String reason) implements TelemetryEvent {}

    /** Something the user should know, in one sentence. */
    record Warning(String message) implements TelemetryEvent {}

    /** The run is over; seconds since it began, without what came before a resume. */
    record RunEnded(Ending ending, int outer, int inner, double seconds) implements TelemetryEvent {}

    /** Why a run ended. */
    enum Ending {
        COMPLETED,
        TIME_LIMIT,
        INTERRUPTED
    }
}
