package dev.reverie.lab.analyze;

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
 * A distillation in segments, each of which continues from the checkpoint of the previous one. The set at the end of a
 * segment is the same as the set that a run ending at that point would save.
 *
 * @param segmentEnds numbers of outer iterations after which the set is recorded; the run ends after the last one
 * @param folder an existing folder that holds the checkpoint during the run
 */
record SegmentedRun(
        AnalysisSettings settings,
        DistillationSettings run,
        NavigableSet<Integer> segmentEnds,
        Path folder,
        EngineFactory engines,
        InstantSource clock,
        Cancellation cancellation) {

    /**
     * Runs all segments.
     *
     * @param onLoop called after every inner loop
     * @throws IOException if the temporary folder of the checkpoint cannot be created or deleted
     * @throws dev.reverie.actors.checkpoint.CheckpointException if the checkpoint cannot be written or read
     * @throws StoppedException if the user cancels
     */
    RunRecording execute(Runnable onLoop) throws IOException {
        RunRecording.Recorder recorder =
                new RunRecording.Recorder(run.schedule().innerLoops());
        try (TemporaryFolder temporary = TemporaryFolder.in(folder)) {
            Path checkpoint = temporary.path().resolve("checkpoint.bin");
            for (int outer : segmentEnds) {
                recorder.record(
                        outer, runUntil(outer, checkpoint, recorder, onLoop).set());
            }
        }
        return recorder.recording(settings.dataset().classes());
    }

    private DistillationResult runUntil(int outer, Path checkpoint, RunRecording.Recorder recorder, Runnable onLoop) {
        DistillationSettings segment = run.withSchedule(run.schedule().withOuterIterations(outer));
        DistillationRequest request = new DistillationRequest(
                settings.dataset(), segment, Optional.of(checkpoint), outer > segmentEnds.first(), Optional.empty());
        AtomicReference<@Nullable Distillation> started = new AtomicReference<>();
        TelemetryListener loopListener = event -> {
            if (event instanceof InnerLoopCompleted) {
                onLoop.run();
                if (cancellation.isRequested()) {
                    Optional.ofNullable(started.get()).ifPresent(Distillation::stop);
                }
            }
        };
        try (Distillation distillation = Distillation.start(
                request,
                () -> recorder.recording(engines.open(
                        segment, settings.dataset().shape(), settings.dataset().normalisation())),
                List.of(recorder, loopListener),
                clock)) {
            started.set(distillation);
            DistillationResult result =
                    distillation.result().toCompletableFuture().join();
            if (cancellation.isRequested() || result.ending() == Ending.INTERRUPTED) {
                throw new StoppedException();
            }
            return result;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
