package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.telemetry.ExampleRun;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.RepresentativesChosen;
import dev.reverie.actors.telemetry.TelemetryEvent.RunStarted;
import dev.reverie.actors.telemetry.TelemetryEvent.SetEvaluated;
import dev.reverie.gpu.method.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("history.csv")
class HistoryFileTest {

    private final List<String> notes = new ArrayList<>();
    private Path file = Path.of("history.csv");

    @BeforeEach
    void placeIn(@TempDir Path folder) {
        file = folder.resolve("history.csv");
    }

    @Test
    @DisplayName("has a row as soon as an inner loop ends")
    void live() throws IOException {
        try (HistoryFile history = new HistoryFile(file, notes::add)) {
            history.on(startAt(0, 0));
            history.on(chosen(0, 2));
            history.on(chosen(1, 4));
            history.on(new ClassSkipped(1, 0, 0, "not finite"));
            history.on(new InnerLoopCompleted(0, 0, 1.5, 2.25, 0.5, 0.25, 2));
            history.on(new InnerLoopCompleted(0, 1, Double.NaN, Double.NaN, 0.5, 0.25, 2.5));

            assertThat(file).hasContent("""
                            outer,inner,seconds,matching_loss,train_loss,worker_seconds,skipped,refreshed,inertia,elapsed,accuracy
                            0,0,0.5,1.5,2.25,0.25,1,2,3.0,2.0,NaN
                            0,1,0.5,NaN,NaN,0.25,0,0,NaN,2.5,NaN
                            """);
        }
    }

    @Test
    @DisplayName("of a resumed run keeps the rows before the checkpoint and drops the later ones")
    void resumed() throws IOException {
        write(startAt(0, 0), loop(0, 0), loop(0, 1), loop(0, 2));
        write(startAt(0, 2), loop(0, 2), loop(1, 0));

        assertThat(HistoryRow.read(file))
                .extracting(row -> row.outer() + "/" + row.inner())
                .containsExactly("0/0", "0/1", "0/2", "1/0");
    }

    @Test
    @DisplayName("that a crash truncated within a row continues without that row")
    void torn() throws IOException {
        write(startAt(0, 0), loop(0, 0), loop(0, 1));
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() - 12));

        write(startAt(0, 1), new InnerLoopCompleted(0, 1, 1.5, 2.5, 0.5, 0.25, 1));

        assertThat(Files.readString(file)).isEqualTo(whole);
    }

    @Test
    @DisplayName("preserves the exact numbers")
    void roundTrip() throws IOException {
        HistoryRow row = new HistoryRow(3, 14, 1.592653, 5.75, 3.125, 0.626433, 8, 3, 2.5, 40.25, 0.75);
        Files.writeString(file, HistoryRow.table(List.of(row)));

        assertThat(HistoryRow.read(file)).containsExactly(row);
    }

    @Test
    @DisplayName("has the accuracies of the initial images and of the images after some loops")
    void evaluated() throws IOException {
        write(
                startAt(0, 0),
                new SetEvaluated(0, 0, 0.25, 0.75, 60),
                loop(0, 0),
                loop(0, 1),
                new SetEvaluated(0, 2, 0.5, 2, 60),
                loop(0, 2));

        assertThat(file).hasContent("""
                        outer,inner,seconds,matching_loss,train_loss,worker_seconds,skipped,refreshed,inertia,elapsed,accuracy
                        0,-1,0.75,NaN,NaN,NaN,0,0,NaN,0.75,0.25
                        0,0,0.5,1.5,2.5,0.25,0,0,NaN,1.0,NaN
                        0,1,0.5,1.5,2.5,0.25,0,0,NaN,2.0,0.5
                        0,2,0.5,1.5,2.5,0.25,0,0,NaN,3.0,NaN
                        """);
    }

    @Test
    @DisplayName("of a resumed run continues with its accuracies and its time")
    void resumedWithAccuracies() throws IOException {
        write(
                startAt(0, 0),
                new SetEvaluated(0, 0, 0.25, 0.75, 60),
                loop(0, 0),
                loop(0, 1),
                new SetEvaluated(0, 2, 0.5, 2, 60));
        write(startAt(0, 1), loop(0, 1), new SetEvaluated(0, 2, 0.75, 2, 60));

        assertThat(HistoryRow.read(file))
                .extracting(HistoryRow::inner, HistoryRow::elapsed, HistoryRow::accuracy)
                .containsExactly(tuple(-1, 0.75, 0.25), tuple(0, 1.0, Double.NaN), tuple(1, 3.0, 0.75));
    }

    @Test
    @DisplayName("of a run that starts again from its initial images evaluates them again")
    void resumedAtTheStart() throws IOException {
        write(startAt(0, 0), new SetEvaluated(0, 0, 0.25, 0.75, 60), loop(0, 0));
        write(startAt(0, 0), new SetEvaluated(0, 0, 0.5, 1, 60));

        assertThat(HistoryRow.read(file)).containsExactly(HistoryRow.ofInitialImages(1, 0.5));
    }

    @Test
    @DisplayName("that cannot be written does not stop the run, but is reported immediately and at the end")
    void unwritable() {
        Path lost = file.resolveSibling("missing").resolve("history.csv");
        try (HistoryFile history = new HistoryFile(lost, notes::add)) {
            history.on(startAt(0, 0));
            history.on(loop(0, 0));

            assertThat(notes).singleElement().asString().contains("history.csv is incomplete", "the run continues");
            assertThatThrownBy(() -> history.requireWhole(true))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("history.csv is incomplete");
        }
    }

    @Test
    @DisplayName("that disappears during a run is reported with the reason")
    void deleted() throws IOException {
        try (HistoryFile history = new HistoryFile(file, notes::add)) {
            history.on(startAt(0, 0));
            Files.delete(file);

            history.on(new SetEvaluated(0, 0, 0.25, 0.75, 60));

            assertThat(notes)
                    .containsExactly(file + " is incomplete because it could not be updated (there is no " + file
                            + "): check its disk and permissions; the run continues");
        }
    }

    @Test
    @DisplayName("that disappears before the end of a run has no losses, and its loss is reported after the run")
    void deletedAtTheEnd() throws IOException {
        try (HistoryFile history = new HistoryFile(file, notes::add)) {
            history.on(startAt(0, 0));
            Files.delete(file);

            assertThat(history.losses()).isEmpty();
            assertThatThrownBy(() -> history.requireWhole(true))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + " could not be read")
                    .hasMessageEndingWith("; all other files are complete");
        }
    }

    private void write(TelemetryEvent... events) {
        try (HistoryFile history = new HistoryFile(file, notes::add)) {
            for (TelemetryEvent event : events) {
                history.on(event);
            }
        }
        assertThat(notes).isEmpty();
    }

    private static RunStarted startAt(int outer, int inner) {
        return new RunStarted(ExampleRun.settings(Method.DREAM, 2, 3), ExampleRun.CLASS_NAMES, outer, inner);
    }

    private static RepresentativesChosen chosen(int label, double inertia) {
        return new RepresentativesChosen(
                label, 0, 0, 64, inertia, OptionalDouble.of(0.25), OptionalDouble.empty(), 0.1);
    }

    private static InnerLoopCompleted loop(int outer, int inner) {
        return new InnerLoopCompleted(outer, inner, 1.5, 2.5, 0.5, 0.25, 10 * outer + inner + 1);
    }
}
