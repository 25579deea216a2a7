package dev.reverie.streams;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.DistillationSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What is to be distilled, and how long.
 *
 * @param checkpoint file that keeps the state of the run; empty: nothing is saved
 * @param resume go on from {@code checkpoint}, which must exist and be of the same dataset and settings; only the
 *     number of outer iterations may differ
 * @param experts folder in which experts are kept and found again, where the method follows any; empty: they are
 *     forgotten with the run
 * @param timeLimit the run ends after the inner loop in which it has passed; counted from the start or the resume
 */
public record DistillationRequest(
        Dataset dataset,
        DistillationSettings settings,
        Optional<Path> checkpoint,
        boolean resume,
        Optional<Path> experts,
        Optional<Duration> timeLimit) {

    public DistillationRequest {
        if (resume && checkpoint.isEmpty()) {
            throw new IllegalArgumentException("to resume, name the checkpoint");
        }
        timeLimit.filter(limit -> limit.isNegative()).ifPresent(limit -> {
            throw new IllegalArgumentException("a time limit is not negative, got " + limit);
        });
    }

    /** A run that keeps no experts. */
    public DistillationRequest(
            Dataset dataset,
            DistillationSettings settings,
            Optional<Path> checkpoint,
            boolean resume,
            Optional<Duration> timeLimit) {
        this(dataset, settings, checkpoint, resume, Optional.empty(), timeLimit);
    }

    /** A new run to the end of its schedule that saves nothing. */
    public static DistillationRequest of(Dataset dataset, DistillationSettings settings) {
        return new DistillationRequest(dataset, settings, Optional.empty(), false, Optional.empty());
    }
}
