package dev.reverie.deploy.run;

import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.deploy.run.Provenance.SoftwareVersions;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.MemoryZip;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.folder.LeftOut;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.List;
import java.util.Optional;

/**
 * All data needed to evaluate or repeat a run: the content of {@code run.json} and the output of {@code distill
 * --json}.
 *
 * @param coding how the stored images are coded as pictures
 * @param evaluation what measured the accuracies in the history, if anything did
 * @param started start time in UTC, in ISO 8601 format
 * @param ended end time in UTC, in ISO 8601 format
 * @param next position at which a resumed run continues
 * @param totals totals since the run was last resumed, or since its start if it was never resumed
 * @param firstLoss first matching loss of the whole run, even if the run was resumed later
 * @param studentRate learning rate of the student at the end, if the method trains one
 */
public record RunManifest(
        Ending ending,
        DistillationSettings settings,
        Dtype dtype,
        Coding coding,
        Data dataset,
        Optional<Evaluation> evaluation,
        String started,
        String ended,
        Optional<LoopPosition> resumedFrom,
        LoopPosition next,
        RunTotals totals,
        Optional<Double> firstLoss,
        Optional<Double> lastLoss,
        Optional<Double> studentRate,
        List<String> warnings,
        SoftwareVersions versions,
        MachineInfo machine,
        Files files) {

    /**
     * The dataset that was distilled.
     *
     * @param leftOut what of a folder was left out, if anything was
     */
    public record Data(
            String name,
            ImageShape shape,
            int classes,
            int trainImages,
            int testImages,
            Optional<LeftOut.Summary> leftOut) {

        static Data of(Dataset dataset, LeftOut.Summary leftOut) {
            return new Data(
                    dataset.name(),
                    dataset.shape(),
                    dataset.classes(),
                    dataset.train().size(),
                    dataset.test().size(),
                    Optional.of(leftOut).filter(some -> !some.first().isEmpty()));
        }
    }

    /**
     * The evaluations during a run, each of which trained one ConvNet.
     *
     * @param intervalSeconds learning time between two evaluations
     * @param depth number of blocks of the network
     */
    public record Evaluation(double intervalSeconds, int width, int depth, int steps, long seed) {

        static Evaluation of(PeriodicEvaluation evaluation) {
            EvaluationSettings settings = evaluation.settings();
            return new Evaluation(
                    evaluation.interval().toMillis() / 1000.0,
                    settings.width(),
                    settings.depth(),
                    settings.steps().orElseThrow(),
                    settings.seed());
        }
    }

    /**
     * The paths of the results.
     *
     * @param pictures the set as pictures, unless it has soft labels
     */
    public record Files(
            String set,
            Optional<String> pictures,
            String picture,
            String history,
            String manifest,
            String checkpoint,
            Optional<String> observer) {

        static Files of(RunFolder folder, DistilledSet set, DistillationSettings settings) {
            return new Files(
                    folder.set().toString(),
                    Optional.of(folder.pictures().toString()).filter(_ -> MemoryZip.canHold(set)),
                    folder.picture().toString(),
                    folder.history().toString(),
                    folder.manifest().toString(),
                    folder.checkpoint().toString(),
                    Optional.of(folder.observer().toString()).filter(_ -> settings.trainsObserver()));
        }
    }
}
