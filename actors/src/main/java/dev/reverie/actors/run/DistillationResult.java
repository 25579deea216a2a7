package dev.reverie.actors.run;

import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.DistilledSet;
import java.util.List;
import java.util.Optional;

/**
 * The result of a run.
 *
 * @param set the distilled set; its images and parameters are clamped to [0, 1]
 * @param next position at which a resumed run continues
 * @param saved whether the checkpoint contains this position; also true if the run saves no checkpoint
 * @param studentRate learning rate of the student at the end of the run, if the method trains one
 * @param observer parameters of the network that chose and labelled the images, if the method has one; one array per
 *     tensor
 */
public record DistillationResult(
        Ending ending,
        DistilledSet set,
        LoopPosition next,
        boolean saved,
        Optional<Double> studentRate,
        Optional<List<float[]>> observer)
        implements RunCommand.Outcome {}
