package dev.reverie.deploy.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.ExampleRun;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassInitialised;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.telemetry.TelemetryEvent.ExpertTrained;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.ObserverTrained;
import dev.reverie.actors.telemetry.TelemetryEvent.RunEnded;
import dev.reverie.actors.telemetry.TelemetryEvent.RunStarted;
import dev.reverie.actors.telemetry.TelemetryEvent.Warning;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.QuickTimeLimit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Progress")
class ProgressViewsTest {

    private final StringWriter err = new StringWriter();
    private Instant now = Instant.EPOCH;
    private final InstantSource clock = () -> now;

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
        try (ProgressView soon = views.beginDelayed("Checking", Duration.ofSeconds(3))) {
            soon.show(0.5, "half");
            after(2);
            soon.show(1, "done");
        }
        assertThat(err.toString()).isEmpty();

        try (ProgressView slow = views.beginDelayed("Checking", Duration.ofSeconds(3))) {
            slow.show(0.1, "early");
            after(3);
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
    @DisplayName("of a distillation shows loops, loss, pace and time left")
    void distillation() {
        try (ProgressView view = view(false)) {
            DistillationProgress progress = new DistillationProgress(view, clock, Optional.of(Duration.ofMinutes(1)));
            progress.on(new RunStarted(ExampleRun.settings(Method.DREAM, 2, 50), ExampleRun.CLASS_NAMES, 0, 0));
            after(15);
            progress.on(new ClassInitialised(0, 1.0));
            after(15);
            progress.on(new Warning("few images"));
            progress.on(new InnerLoopCompleted(0, 0, 12.3456, 2, 1.5, 1.4, 1.5));
            after(15);
            progress.on(new RunEnded(Ending.TIME_LIMIT, 0, 1, 60));
        }

        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                        Distilling   0 %  choosing the initial images
                        Distilling   0 %  choosing the initial images, class 1/2
                        warning: few images
                        Distilling  50 %  30s left, outer 1, inner 1/50, loss 12.35, 1.50 s per loop
                        Distilling 100 %  time limit reached after 1m 00s and 1 inner loop
                        """);
    }

    @Test
    @DisplayName("of RDED shows the training of the observer, and then the choice of the images in the rest of the bar")
    void observer() {
        try (ProgressView view = view(false)) {
            DistillationProgress progress = new DistillationProgress(view, clock, Optional.empty());
            progress.on(new RunStarted(ExampleRun.settings(Method.RDED, 0, 1), ExampleRun.CLASS_NAMES, 0, 0));
            after(30);
            progress.on(new ObserverTrained(4096, 8192));
            after(30);
            progress.on(new ObserverTrained(8192, 8192));
            after(15);
            progress.on(new ClassInitialised(0, 1));
        }

        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                        Distilling   0 %  choosing images
                        Distilling  48 %  30s left, training the observer, image 4,096/8,192
                        Distilling  95 %  0s left, training the observer, image 8,192/8,192
                        Distilling  98 %  choosing images, class 1/2
                        """);
    }

    @Test
    @DisplayName("of a coreset shows the training of its network, and of a run also the evaluations of its set")
    void longWork() {
        try (ProgressView view = view(false)) {
            DistillationProgress progress = new DistillationProgress(view, clock, Optional.empty());
            progress.on(new RunStarted(ExampleRun.settings(Method.HERDING, 0, 1), ExampleRun.CLASS_NAMES, 0, 0));
            after(30);
            progress.selectionTrained(4096, 8192);
            after(15);
            progress.evaluationTrained(2, 300);
        }
        try (ProgressView view = view(false)) {
            DistillationProgress progress = new DistillationProgress(view, clock, Optional.empty());
            progress.on(new RunStarted(ExampleRun.settings(Method.DREAM_PLUS, 2, 1), ExampleRun.CLASS_NAMES, 0, 0));
            after(30);
            progress.selectionTrained(4096, 8192);
        }

        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                        Distilling   0 %  choosing images
                        Distilling  48 %  30s left, training the network that chooses the images, image 4,096/8,192
                        Distilling  48 %  evaluating the set, epoch 2/300
                        Distilling   0 %  choosing the initial images
                        Distilling   0 %  30s left, training the network that chooses the images, image 4,096/8,192
                        """);
    }

    @Test
    @DisplayName("with a time limit claims no number of experts, and no loops of an outer iteration without end")
    void endless() {
        try (ProgressView view = view(false)) {
            DistillationProgress progress = new DistillationProgress(view, clock, Optional.of(Duration.ofMinutes(1)));
            progress.on(new RunStarted(
                    ExampleRun.settings(Method.DREAM, 1, QuickTimeLimit.ENDLESS_LOOPS), ExampleRun.CLASS_NAMES, 0, 0));
            after(15);
            progress.on(new ExpertTrained(0, 2, 6, 1.5, 1));
            after(15);
            progress.on(new InnerLoopCompleted(0, 7, 12.3456, 2, 1.5, 1.4, 1.5));
        }

        assertThat(err.toString()).contains("training expert 1, epoch 2/6").contains("outer 1, inner 8, loss 12.35");
    }

    @Test
    @DisplayName("of a resumed distillation includes the earlier loops from the start, also if it is interrupted again")
    void resumed() {
        try (ProgressView view = view(false)) {
            DistillationProgress progress = new DistillationProgress(view, clock, Optional.empty());
            progress.on(new RunStarted(ExampleRun.settings(Method.DREAM, 2, 50), ExampleRun.CLASS_NAMES, 1, 0));
            after(15);
            progress.on(new ExpertTrained(1, 2, 6, 1.5, 1));
            progress.on(new RunEnded(Ending.INTERRUPTED, 1, 0, 15));
        }

        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                        Distilling  50 %  choosing the initial images
                        Distilling  50 %  training expert 2/2, epoch 2/6
                        Distilling  50 %  interrupted after 15s and 0 inner loops
                        """);
    }

    @Test
    @DisplayName("that was interrupted does not claim to be complete")
    void interrupted() {
        try (ProgressView view = view(false)) {
            DistillationProgress progress = new DistillationProgress(view, clock, Optional.empty());
            progress.on(new RunStarted(ExampleRun.settings(Method.DREAM, 1, 4), ExampleRun.CLASS_NAMES, 0, 0));
            progress.on(new InnerLoopCompleted(0, 0, 1, 2, 1, 1, 1));
            progress.on(new RunEnded(Ending.INTERRUPTED, 0, 1, 1));
        }

        assertThat(err.toString())
                .endsWith("Distilling  25 %  interrupted after 1s and 1 inner loop" + System.lineSeparator());
    }

    @Test
    @DisplayName("draws a bar that fills up")
    void bar() {
        BarLine line = new BarLine(false);

        assertThat(line.line("Distilling", 0, "go", 100)).isEqualTo("Distilling " + "─".repeat(24) + "   0 %  go");
        assertThat(line.line("Distilling", 0.5, "go", 100))
                .isEqualTo("Distilling " + "━".repeat(12) + "─".repeat(12) + "  50 %  go");
        assertThat(line.line("Distilling", 1, "go", 80)).isEqualTo("Distilling " + "━".repeat(5) + " 100 %  go");
    }

    @Test
    @DisplayName("truncates text that does not fit on the line")
    void narrow() {
        BarLine line = new BarLine(false);

        assertThat(line.line("Distilling", 0.5, "a long status", 35))
                .hasSize(35)
                .endsWith("…");
        assertThat(line.line("Distilling", 0.5, "a long status", 24)).isEqualTo("Distilling ━━━──  50 %  ");
        assertThat(line.line("Distilling", 0.5, "a long status", 20)).isEqualTo("Distilling  50 %  a…");
    }

    @Test
    @DisplayName("uses colours only where the terminal and the user allow them")
    void colour() {
        assertThat(new BarLine(true).line("Distilling", 0.5, "", 80)).contains("\u001b[32m");
        assertThat(new BarLine(false).line("Distilling", 0.5, "", 80)).doesNotContain("\u001b");
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

        try (PrintStream log = new PrintStream(new LinesAboveBar(terminal), true, StandardCharsets.UTF_8)) {
            log.print("first ");
            log.write("line\n".getBytes(StandardCharsets.UTF_8));
            log.write("second\nline\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(terminal.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001b[Kfirst line\n\r\u001b[Ksecond\nline\n");
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
