package dev.reverie.deploy.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.evaluate.EvaluationProgress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Progress")
class ProgressViewsTest {

    private final StringWriter err = new StringWriter();
    private Instant now = Instant.EPOCH;
    private final InstantSource clock = () -> now;
    private final RecordedView recorded = new RecordedView();
    private final LoadView loading = new LoadView(recorded, clock);

    @Test
    @DisplayName("in a log is a line at the start, one every quarter of a minute, and one at the end")
    void lines() {
        try (ProgressView view = view(false)) {
            view.show(0, "start");
            after(10);
            view.show(0.1, "too soon");
            after(5);
            view.show(0.2, "time for one");
            after(1);
            view.show(0.9, "not yet");
            view.show(1, "last");
        }

        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                        Distilling   0 %  start
                        Distilling  20 %  time for one
                        Distilling 100 %  last
                        """);
    }

    @Test
    @DisplayName("in a log repeats no line")
    void repeatsNoLine() {
        try (ProgressView view = view(false)) {
            view.show(1, "0.1 MB");
            view.show(1, "0.1 MB");
        }

        assertThat(err.toString()).isEqualToNormalizingNewlines("Distilling 100 %  0.1 MB\n");
    }

    @Test
    @DisplayName("that begins late is shown only for a task that takes longer than the pause")
    void late() {
        ProgressViews views = views(false);
        try (ProgressView soon = views.beginDelayed("Checking")) {
            soon.show(0.5, "half");
            after(1);
            soon.show(1, "done");
        }
        assertThat(err.toString()).isEmpty();

        try (ProgressView slow = views.beginDelayed("Checking")) {
            slow.show(0.1, "early");
            after(2);
            slow.show(0.5, "half");
            slow.show(1, "done");
        }
        assertThat(err.toString()).isEqualToNormalizingNewlines("Checking  50 %  half\nChecking 100 %  done\n");
    }

    @Test
    @DisplayName("for a script consists of the notes only")
    void quiet() {
        try (ProgressView view = view(true)) {
            view.show(0.5, "half");
            view.note("warning: few images");
        }

        assertThat(err.toString()).isEqualToNormalizingNewlines("warning: few images\n");
    }

    @Test
    @DisplayName("draws a bar that fills up")
    void bar() {
        BarView.Line line = new BarView.Line(false);

        assertThat(line.line("Distilling", 0, "go", 100)).isEqualTo("Distilling " + "─".repeat(24) + "   0 %  go");
        assertThat(line.line("Distilling", 0.5, "go", 100))
                .isEqualTo("Distilling " + "━".repeat(12) + "─".repeat(12) + "  50 %  go");
        assertThat(line.line("Distilling", 1, "go", 80)).isEqualTo("Distilling " + "━".repeat(5) + " 100 %  go");
    }

    @Test
    @DisplayName("truncates text that does not fit on the line")
    void narrow() {
        BarView.Line line = new BarView.Line(false);

        assertThat(line.line("Distilling", 0.5, "a long status", 35))
                .hasSize(35)
                .endsWith("…");
        assertThat(line.line("Distilling", 0.5, "a long status", 24)).isEqualTo("Distilling ━━━──  50 %  ");
        assertThat(line.line("Distilling", 0.5, "a long status", 20)).isEqualTo("Distilling  50 %  a…");
    }

    @Test
    @DisplayName("uses colours only where the terminal and the user allow them")
    void colour() {
        assertThat(new BarView.Line(true).line("Distilling", 0.5, "", 80)).contains("\u001b[32m");
        assertThat(new BarView.Line(false).line("Distilling", 0.5, "", 80)).doesNotContain("\u001b");
        assertThat(Terminal.usesColour(Map.of(), true)).isTrue();
        assertThat(Terminal.usesColour(Map.of("NO_COLOR", ""), true)).isTrue();
        assertThat(Terminal.usesColour(Map.of("NO_COLOR", "1"), true)).isFalse();
        assertThat(Terminal.usesColour(Map.of(), false)).isFalse();
    }

    @Test
    @DisplayName("on a terminal is a bar on the last line, below the notes")
    void barOnTerminal() {
        Terminal terminal = new Terminal(new PrintWriter(err), new PrintWriter(err), true, false, 80);
        try (ProgressView view = new ProgressViews(terminal, clock, false).begin("Distilling")) {
            view.show(0.5, "half");
            view.note("warning: few images");
        }

        assertThat(err.toString())
                .contains("\r\u001b[Kwarning: few images" + System.lineSeparator()
                        + "\r\u001b[KDistilling ━━━──  50 %  half")
                .endsWith("50 %  half" + System.lineSeparator());
    }

    @Test
    @DisplayName("makes room for a note that comes from outside its task")
    void noteFromOutside() {
        Terminal interactive = new Terminal(new PrintWriter(err), new PrintWriter(err), true, false, 80);
        Terminal log = new Terminal(new PrintWriter(err), new PrintWriter(err), false, false, 80);

        interactive.note("Stopping.");
        log.note("Stopping.");

        assertThat(err.toString()).isEqualToNormalizingNewlines("\r\u001b[KStopping.\nStopping.\n");
    }

    @Test
    @DisplayName("makes room for the lines of the log")
    void linesOfTheLog() throws IOException {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();

        try (PrintStream log = new PrintStream(new Terminal.LinesAboveBar(terminal), true, StandardCharsets.UTF_8)) {
            log.print("first ");
            log.write("line\n".getBytes(StandardCharsets.UTF_8));
            log.write("second\nline\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(terminal.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001b[Kfirst line\n\r\u001b[Ksecond\nline\n");
    }

    @Test
    @DisplayName("of reading a dataset estimates the time left from the images read since the first one")
    void estimates() {
        loading.read(1, 1001);

        now = now.plusSeconds(10);
        loading.read(201, 1001);

        assertThat(recorded.fractions()).containsExactly(201 / 1001.0);
        assertThat(recorded.shown()).containsExactly("40s left, image 201/1,001");
    }

    @Test
    @DisplayName("of reading a dataset shows how many files have been found, in thousands")
    void found() {
        for (int files = 1; files <= 2500; files++) {
            loading.found(files);
        }

        assertThat(recorded.fractions()).containsExactly(0.0, 0.0);
        assertThat(recorded.shown()).containsExactly("1,000 files found", "2,000 files found");
    }

    @Test
    @DisplayName("of training runs is the share of the epochs of all networks if all runs are equally long")
    void equalRuns() {
        EvaluationProgress second = new TrainingRunsProgress(recorded, clock, 2, 2).of(1, "tile");

        now = now.plusSeconds(50);
        second.epoch(0, 5, 10, 0.25);
        second.epoch(1, 10, 10, 0.125);

        assertThat(recorded.fractions()).containsExactly(0.625, 1.0);
        assertThat(recorded.shown())
                .containsExactly(
                        "30s left, tile, network 1/2, epoch 5/10, loss 0.250",
                        "0s left, tile, network 2/2, epoch 10/10, loss 0.125");
    }

    @Test
    @DisplayName("of training runs counts each run by its work, so that the time left is right if the runs grow")
    void growingRuns() {
        TrainingRunsProgress progress = new TrainingRunsProgress(recorded, clock, List.of(100L, 300L), 2);

        now = now.plusSeconds(20);
        progress.of(0, "step 1").epoch(1, 1, 1, 0.5);
        now = now.plusSeconds(30);
        progress.of(1, "step 2").epoch(0, 1, 1, 0.5);

        assertThat(recorded.fractions()).containsExactly(0.25, 0.625);
        assertThat(recorded.shown())
                .containsExactly(
                        "1m 00s left, step 1, network 2/2, epoch 1/1, loss 0.500",
                        "30s left, step 2, network 1/2, epoch 1/1, loss 0.500");
    }

    private ProgressView view(boolean quiet) {
        return views(quiet).begin("Distilling");
    }

    private ProgressViews views(boolean quiet) {
        Terminal terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false, false, 80);
        return new ProgressViews(terminal, clock, quiet);
    }

    private void after(int seconds) {
        now = now.plusSeconds(seconds);
    }
}
