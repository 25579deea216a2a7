package dev.reverie.deploy.run;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.RepresentativesChosen;
import dev.reverie.actors.telemetry.TelemetryEvent.RunStarted;
import dev.reverie.actors.telemetry.TelemetryEvent.SetEvaluated;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.dataset.FileErrorMessages;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one row of {@code history.csv} at the end of each inner loop, and adds the accuracy when the set was
 * evaluated; {@link HistoryRow} describes the columns. A resumed run first removes the rows that were written after its
 * checkpoint. Not thread safe.
 *
 * <p>If a row cannot be written, the failure is reported at once and no more rows are written, but the run continues.
 */
public final class HistoryFile implements TelemetryListener, Closeable {

    private final Path file;
    private final Consumer<String> notes;
    private @Nullable BufferedWriter writer;
    private @Nullable IOException failure;
    private String fault = "is incomplete because it could not be updated";
    private int skipped;
    private int refreshed;
    private double inertia;

    /** Time that the run had taken before it was resumed, in seconds. */
    private double elapsedBefore;

    /** Creates a history, whose file is opened when the run starts; the notes tell of a failure. */
    public HistoryFile(Path file, Consumer<String> notes) {
        this.file = file;
        this.notes = notes;
    }

    @Override
    public void on(TelemetryEvent event) {
        if (failure != null) {
            return;
        }
        try {
            switch (event) {
                case RunStarted started -> open(started.outer(), started.inner());
                case ClassSkipped _ -> skipped++;
                case RepresentativesChosen chosen -> {
                    refreshed++;
                    inertia += chosen.inertia();
                }
                case InnerLoopCompleted loop -> append(loop);
                case SetEvaluated evaluated -> evaluate(evaluated);
                default -> {
                    // has no row
                }
            }
        } catch (IOException e) {
            failure = e;
            notes.accept(report(e) + "; the run continues");
        }
    }

    private String report(IOException cause) {
        return file + " " + fault + " (" + FileErrorMessages.describe(cause) + "): check its disk and permissions";
    }

    /** Returns the finite matching losses of all rows, in order; none if a row could not be written or read. */
    List<Double> losses() {
        if (failure != null) {
            return List.of();
        }
        try {
            return HistoryRow.read(file).stream()
                    .map(HistoryRow::matchingLoss)
                    .filter(Double::isFinite)
                    .toList();
        } catch (IOException e) {
            fault = "could not be read";
            failure = e;
            return List.of();
        }
    }

    /**
     * Checks that every row was written, and could be read.
     *
     * @param othersComplete whether the message says that all other files of the run are complete
     * @throws IOException if not
     */
    void requireWhole(boolean othersComplete) throws IOException {
        if (failure != null) {
            throw new IOException(report(failure) + (othersComplete ? "; all other files are complete" : ""), failure);
        }
    }

    private void open(int outer, int inner) throws IOException {
        closeWriter();
        List<HistoryRow> kept = Files.exists(file)
                ? HistoryRow.read(file).stream()
                        .filter(row -> row.isBefore(outer, inner))
                        .toList()
                : List.of();
        elapsedBefore = kept.isEmpty() ? 0 : kept.getLast().elapsed();
        rewrite(kept);
        startRow();
    }

    private void rewrite(List<HistoryRow> rows) throws IOException {
        AtomicFile.write(file, out -> out.write(HistoryRow.table(rows).getBytes(StandardCharsets.UTF_8)));
        writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }

    /** Adds the accuracy to the last row; that of the initial images has a row of its own. */
    private void evaluate(SetEvaluated evaluated) throws IOException {
        closeWriter();
        List<HistoryRow> rows = new ArrayList<>(HistoryRow.read(file));
        if (rows.isEmpty()) {
            rows.add(HistoryRow.ofInitialImages(elapsedBefore + evaluated.elapsed(), evaluated.accuracy()));
        } else {
            rows.add(rows.removeLast().evaluated(evaluated.accuracy()));
        }
        rewrite(rows);
    }

    private void append(InnerLoopCompleted loop) throws IOException {
        if (writer == null) {
            throw new IOException(file + ": a loop ended before its run began");
        }
        HistoryRow row = new HistoryRow(
                loop.outer(),
                loop.inner(),
                loop.seconds(),
                loop.matchingLoss(),
                loop.trainLoss(),
                loop.workerSeconds(),
                skipped,
                refreshed,
                refreshed == 0 ? Double.NaN : inertia / refreshed,
                elapsedBefore + loop.elapsed(),
                Double.NaN);
        writer.write(row.toLine() + "\n");
        writer.flush();
        startRow();
    }

    private void startRow() {
        skipped = 0;
        refreshed = 0;
        inertia = 0;
    }

    private void closeWriter() throws IOException {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    @Override
    public void close() {
        try {
            closeWriter();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
    }
}
