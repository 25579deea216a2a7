package dev.reverie.streams;

import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.DistilledSet;

/**
 * What a run ended with.
 *
 * @param set the memory; its images and parameters are clamped to [0, 1]
 * @param outer outer iteration at which a resumed run would go on
 * @param inner inner loop at which a resumed run would go on
 * @param saved whether the checkpoint is of that place; also true where none was wanted
 */
public record DistillationResult(Ending ending, DistilledSet set, int outer, int inner, boolean saved) {}
