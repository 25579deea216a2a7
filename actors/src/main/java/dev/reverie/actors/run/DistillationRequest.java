package dev.reverie.actors.run;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.DistillationSettings;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A request to distil a dataset: settings, files and time limit.
 *
 * @param checkpoint file for the state of the run; if no file is given, nothing is saved
 * @param resume whether to resume from {@code checkpoint}, which must exist and belong to a run with the same dataset
 *     and settings; only the number of outer iterations may differ
 * @param experts folder of expert trajectories, used only for trajectory matching; if no folder is given, the
 *     trajectories exist only during the run
 * @param timeLimit time limit, measured from when the run was started or resumed; when the limit is reached, the run
 *     completes the inner loop in progress and then ends
 * @param evaluation evaluation of the set during the run, which does not count towards the time limit; empty for none
 */
@RecordBuilder
@RecordBuilder.Options(addClassRetainedGenerated = true, addFunctionalMethodsToWith = false)
public record DistillationRequest(
        Dataset dataset,
        DistillationSettings settings,
        Optional<Path> checkpoint,
        boolean resume,
        Optional<Path> experts,
        Optional<Duration> timeLimit,
        Optional<SetEvaluation> evaluation)
        implements DistillationRequestBuilder.With {

    public DistillationRequest {
        if (resume && checkpoint.isEmpty()) {
            throw new IllegalArgumentException("a run resumes from a checkpoint; name its file");
        }
        timeLimit.filter(limit -> limit.isNegative()).ifPresent(limit -> {
            throw new IllegalArgumentException("the time limit must not be negative, got " + limit);
        });
    }

    /** A request for a new run that completes its schedule, saves nothing and evaluates nothing. */
    public static DistillationRequest of(Dataset dataset, DistillationSettings settings) {
        return new DistillationRequest(
                dataset, settings, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
