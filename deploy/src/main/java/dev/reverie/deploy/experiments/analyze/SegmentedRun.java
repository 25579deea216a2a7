package dev.reverie.deploy.experiments.analyze;

import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.StoppedException;
import dev.reverie.deploy.run.TemporaryFolder;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.streams.Distillation;
import dev.reverie.streams.DistillationRequest;
import dev.reverie.streams.DistillationResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A distillation from one mark to the next, each part going on from the checkpoint of the one before: the sets at the
 * marks are those that the service would hand out then.
 *
 * @param marks outer iterations after which the set is kept, the last one being the end of the run
 * @param folder for the checkpoint, which is gone afterwards
 */
record SegmentedRun(
        AnalysisSettings study,
        DistillationSettings settings,
        NavigableSet<Integer> marks,
        Path folder,
        EngineFactory engines,
        InstantSource clock,
        Cancellation patience) {

    /**
     * Runs to the last mark.
     *
     * @param loop told after every inner loop
     * @throws IOException if the checkpoint cannot be written
     * @throws StoppedException if patience is over
     */
    RunRecording execute(Runnable loop) throws IOException {
        RunRecorder recorder = new RunRecorder(settings.schedule().innerLoops());
        try (TemporaryFolder temporary = TemporaryFolder.in(folder)) {
            Path checkpoint = temporary.path().resolve("checkpoint.bin");
            for (int outer : marks) {
                recorder.keep(outer, upTo(outer, checkpoint, recorder, loop).set());
            }
        }
        return recorder.recording(study.dataset().classes());
    }

    private DistillationResult upTo(int outer, Path checkpoint, RunRecorder recorder, Runnable loop) {
        DistillationSettings shorter = settings.with(
                settings.schedule().lasting(outer, settings.schedule().innerLoops()));
        DistillationRequest request = new DistillationRequest(
                study.dataset(), shorter, Optional.of(checkpoint), outer > marks.first(), Optional.empty());
        AtomicReference<@Nullable Distillation> started = new AtomicReference<>();
        TelemetryListener watcher = event -> {
            if (event instanceof InnerLoopCompleted) {
                loop.run();
                if (patience.isOver()) {
                    Optional.ofNullable(started.get()).ifPresent(Distillation::stop);
                }
            }
        };
        try (Distillation distillation = Distillation.start(
                request,
                () -> recorder.watch(engines.open(
                        shorter, study.dataset().shape(), study.dataset().normalisation())),
                List.of(recorder, watcher),
                clock)) {
            started.set(distillation);
            DistillationResult result =
                    distillation.result().toCompletableFuture().join();
            if (patience.isOver() || result.ending() == Ending.INTERRUPTED) {
                throw new StoppedException();
            }
            return result;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
