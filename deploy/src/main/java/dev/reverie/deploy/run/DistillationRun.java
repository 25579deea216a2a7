package dev.reverie.deploy.run;

import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.store.FolderLock;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.run.Provenance.SoftwareVersions;
import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageGrid;
import dev.reverie.gpu.dataset.folder.LeftOut;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.evaluate.ObserverFile;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.streams.Distillation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs one distillation and writes its results to a folder. Ctrl-C, SIGTERM or SIGHUP ends the run after the current
 * inner loop and saves everything; a second Ctrl-C or SIGTERM halts the JVM at once, and so does the first signal if
 * the classes have no images yet.
 *
 * @param folder folder for the results, already created and checked (see {@link RunFolder#create()})
 * @param resume whether to continue from the checkpoint in the folder
 * @param experts folder for the expert trajectories; if absent, the default folder inside the run's folder is used
 * @param timeLimit time limit, measured from the start or the latest resumption of the run
 * @param evaluation evaluation of the set during the run; empty for none
 * @param leftOut counts what is left out of the dataset
 * @param outOfMemory what to do when memory ran out; the end of a sentence, with a full stop
 * @param clock tells the times at which the run started and ended
 * @param steadyClock measures the time limit and all durations
 */
public record DistillationRun(
        Dataset dataset,
        DistillationSettings settings,
        SetFormat format,
        RunFolder folder,
        boolean resume,
        Optional<Path> experts,
        Optional<Duration> timeLimit,
        Optional<PeriodicEvaluation> evaluation,
        LeftOut leftOut,
        String outOfMemory,
        EngineFactory engines,
        InstantSource clock,
        SteadyClock steadyClock) {

    /**
     * The distilled set and the manifest, as they were written to the folder.
     *
     * @param saved whether the checkpoint contains the final state
     * @param interrupted whether a signal arrived, even if the run was complete by then
     */
    public record Outcome(DistilledSet set, RunManifest manifest, boolean saved, boolean interrupted) {}

    /**
     * Distils and writes all files. Writes the history and the checkpoint during the run, and the other files at its
     * end.
     *
     * @param watchers listeners that receive every event, in the order of the list; each {@link RunListener} among them
     *     is also told of the work that has no events
     * @param notes receives messages for the user, one sentence each
     * @throws IOException if the run fails, or if a file or a row of the history cannot be written
     * @throws InputException if another process writes to the folder or uses its experts, if another run has used the
     *     folder since it was checked, or if a resumed run has no folder of experts
     * @throws dev.reverie.actors.checkpoint.CheckpointException if the run cannot continue from the checkpoint
     * @throws dev.reverie.gpu.dataset.DatasetException if an expert trajectory does not fit the run, or one with which
     *     the resumed run has learned is missing
     */
    public Outcome execute(List<TelemetryListener> watchers, Consumer<String> notes) throws IOException {
        try (FolderLock _ = folder.lock()) {
            folder.requireReady(resume);
            return settings.experts().isPresent() ? executeWithExperts(watchers, notes) : executeAlone(watchers, notes);
        }
    }

    private Outcome executeWithExperts(List<TelemetryListener> watchers, Consumer<String> notes) throws IOException {
        if (resume && Files.notExists(expertsFolder())) {
            throw new InputException("there is no experts folder " + expertsFolder()
                    + " with which the run can be resumed: name the folder of its experts with --experts");
        }
        try (FolderLock _ = new OutputFolder(expertsFolder(), "experts", "--experts").lock()) {
            return executeAlone(watchers, notes);
        }
    }

    private Path expertsFolder() {
        return experts.orElse(folder.experts());
    }

    private Outcome executeAlone(List<TelemetryListener> watchers, Consumer<String> notes) throws IOException {
        AtomicReference<Runnable> reaction = new AtomicReference<>(() -> haltBeforeImages(notes));
        Runnable current = () ->
                Objects.requireNonNull(reaction.get(), "set from the start").run();
        try (InterruptSignal signal = InterruptSignal.listen(current, InterruptSignal::halt)) {
            return executeInterruptibly(watchers, notes, signal, reaction);
        }
    }

    /**
     * Executes the run.
     *
     * @param reaction what the first signal does, which depends on the stage of the run
     */
    private Outcome executeInterruptibly(
            List<TelemetryListener> watchers,
            Consumer<String> notes,
            InterruptSignal signal,
            AtomicReference<Runnable> reaction)
            throws IOException {
        Instant started = clock.instant();
        RunTotals.Recorder totals = new RunTotals.Recorder(engines.workers(settings, dataset.shape()));
        DistillationResult result;
        HistoryFile history = new HistoryFile(folder.history(), notes);
        try (history) {
            List<TelemetryListener> listeners =
                    Stream.concat(Stream.of(history, totals), watchers.stream()).toList();
            result = distil(listeners, notes, reaction);
        }
        reaction.set(() -> notes.accept("Writing the results. Press Ctrl-C again to exit immediately without them."));
        DistilledSet set = format.of(result.set());
        RunManifest manifest = manifest(result, set, totals, history.losses(), started);
        write(set, manifest, result);
        history.requireWhole(result.saved());
        return new Outcome(set, manifest, result.saved(), signal.isRequested());
    }

    private void write(DistilledSet set, RunManifest manifest, DistillationResult result) throws IOException {
        format.write(set, folder);
        if (result.observer().isPresent()) {
            new ObserverFile(folder.observer())
                    .write(settings.network(), set, result.observer().get());
        }
        ImageGrid.ofStored(set, Long.MAX_VALUE).writePng(folder.picture());
        AtomicFile.write(
                folder.manifest(), out -> out.write(JsonOutput.pretty(manifest).getBytes(StandardCharsets.UTF_8)));
    }

    private DistillationResult distil(
            List<TelemetryListener> listeners, Consumer<String> notes, AtomicReference<Runnable> reaction)
            throws IOException {
        List<RunListener> detailed = listeners.stream()
                .filter(RunListener.class::isInstance)
                .map(RunListener.class::cast)
                .toList();
        DistillationRequest request = new DistillationRequest(
                dataset,
                settings,
                Optional.of(folder.checkpoint()),
                resume,
                Optional.of(expertsFolder()),
                timeLimit,
                evaluation.map(periodic -> periodic.of(dataset, format, detailed)));
        AtomicBoolean prepared = new AtomicBoolean();
        TelemetryListener preparation = event -> {
            if (event instanceof TelemetryEvent.ClassJoined) {
                prepared.set(true);
            }
        };
        List<TelemetryListener> all =
                Stream.concat(Stream.of(preparation), listeners.stream()).toList();
        // the network of a resumed run has chosen the images already
        List<Supplier<DistillationEngine>> workers = new SelectionProgress(
                        settings, dataset.train().size(), resume ? List.of() : detailed)
                .of(engines.forEachWorker(settings, dataset.shape(), dataset.normalisation()));
        try (FatalExit _ = FatalExit.explain(outOfMemory, notes);
                Distillation distillation = Distillation.start(request, workers, all, steadyClock)) {
            reaction.set(() -> stop(distillation, prepared.get(), notes));
            return distillation.result().toCompletableFuture().join();
        } catch (CompletionException e) {
            requireUsableDevice(e);
            Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
            throw new IOException(messageOf(e, cause), cause); // the input has already been checked
        }
    }

    private @Nullable String messageOf(CompletionException failure, Throwable cause) {
        return causes(failure).anyMatch(OutOfMemoryError.class::isInstance)
                ? "out of memory; " + outOfMemory
                : cause.getMessage();
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    /** Ends the process at once, because choosing or restoring the images of the classes can take long. */
    private void haltBeforeImages(Consumer<String> notes) {
        notes.accept(
                resume
                        ? "Interrupted before the run continued, so its checkpoint is unchanged."
                        : "Interrupted before the first images were chosen, so there is nothing to save.");
        InterruptSignal.halt();
    }

    private void stop(Distillation distillation, boolean prepared, Consumer<String> notes) {
        if (!prepared) {
            haltBeforeImages(notes);
        }
        distillation.stop();
        notes.accept(
                "Stopping after this inner loop, then saving. Press Ctrl-C again to exit immediately without saving.");
    }

    /** Rethrows the exception of an unusable device if it caused this failure. */
    private static void requireUsableDevice(CompletionException failure) {
        causes(failure)
                .filter(DeviceException.class::isInstance)
                .map(DeviceException.class::cast)
                .findFirst()
                .ifPresent(unusable -> {
                    throw unusable;
                });
    }

    private RunManifest manifest(
            DistillationResult result,
            DistilledSet set,
            RunTotals.Recorder totals,
            List<Double> losses,
            Instant started) {
        return new RunManifest(
                result.ending(),
                settings,
                format.dtype(),
                format.coding(),
                RunManifest.Data.of(dataset, leftOut.summary()),
                evaluation.map(RunManifest.Evaluation::of),
                started.toString(),
                clock.instant().toString(),
                totals.resumedFrom(),
                result.next(),
                totals.totals(),
                losses.stream().findFirst(),
                losses.reversed().stream().findFirst(),
                result.studentRate(),
                totals.warnings(),
                SoftwareVersions.current(),
                MachineInfo.current(),
                RunManifest.Files.of(folder, set, settings));
    }
}
