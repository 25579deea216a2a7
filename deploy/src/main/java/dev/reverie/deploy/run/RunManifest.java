package dev.reverie.deploy.run;

import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.List;
import java.util.Optional;

/**
 * Everything one needs to know to judge or repeat a run; {@code run.json}, and what {@code distill --json} prints.
 *
 * @param started ISO 8601, UTC
 * @param ended ISO 8601, UTC
 * @param next where a resumed run would go on
 * @param totals since the start or the resume
 * @param firstLoss matching loss of the run's first inner loop that has one, from before a resume as well
 * @param lastLoss matching loss of the last inner loop that has one
 */
public record RunManifest(
        Ending ending,
        DistillationSettings settings,
        Data dataset,
        String started,
        String ended,
        Optional<LoopPosition> resumedFrom,
        LoopPosition next,
        RunTotals totals,
        Optional<Double> firstLoss,
        Optional<Double> lastLoss,
        List<String> warnings,
        SoftwareVersions versions,
        MachineInfo machine,
        Files files) {

    /** What was distilled. */
    public record Data(String name, ImageShape shape, int classes, int trainImages, int testImages) {

        static Data of(Dataset dataset) {
            return new Data(
                    dataset.name(),
                    dataset.shape(),
                    dataset.classes(),
                    dataset.train().size(),
                    dataset.test().size());
        }
    }

    /** Where the results are. */
    public record Files(String set, String picture, String history, String manifest, String checkpoint) {

        static Files of(RunFolder folder) {
            return new Files(
                    folder.set().toString(),
                    folder.picture().toString(),
                    folder.history().toString(),
                    folder.manifest().toString(),
                    folder.checkpoint().toString());
        }
    }
}
