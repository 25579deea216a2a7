package dev.reverie.deploy.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.ExampleRun;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassInitialised;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.telemetry.TelemetryEvent.ExpertTrained;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.ObserverTrained;
import dev.reverie.actors.telemetry.TelemetryEvent.RunEnded;
import dev.reverie.actors.telemetry.TelemetryEvent.RunStarted;
import dev.reverie.actors.telemetry.TelemetryEvent.SetEvaluated;
import dev.reverie.actors.telemetry.TelemetryEvent.Warning;
import dev.reverie.actors.telemetry.TelemetryEvent.WorkerRestarted;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.QuickTimeLimit;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Progress")
class DistillationProgressTest {

    private final StringWriter err = new StringWriter();
    private Instant now = Instant.EPOCH;
    private final InstantSource clock = () -> now;

    @Test
    @DisplayName("of a distillation shows loops, loss, pace and time left")
    void distillation() {
        try (ProgressView view = view()) {
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
        try (ProgressView view = view()) {
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
        try (ProgressView view = view()) {
            DistillationProgress progress = new DistillationProgress(view, clock, Optional.empty());
            progress.on(new RunStarted(ExampleRun.settings(Method.HERDING, 0, 1), ExampleRun.CLASS_NAMES, 0, 0));
            after(30);
            progress.selectionTrained(4096, 8192);
            after(15);
            progress.evaluationTrained(2, 300);
        }
        try (ProgressView view = view()) {
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
        try (ProgressView view = view()) {
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
        try (ProgressView view = view()) {
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
        try (ProgressView view = view()) {
            DistillationProgress progress = new DistillationProgress(view, clock, Optional.empty());
            progress.on(new RunStarted(ExampleRun.settings(Method.DREAM, 1, 4), ExampleRun.CLASS_NAMES, 0, 0));
            progress.on(new InnerLoopCompleted(0, 0, 1, 2, 1, 1, 1));
            progress.on(new RunEnded(Ending.INTERRUPTED, 0, 1, 1));
        }

        assertThat(err.toString())
                .endsWith("Distilling  25 %  interrupted after 1s and 1 inner loop" + System.lineSeparator());
    }

    @Test
    @DisplayName("of a distillation notes skipped classes and restarts of the worker")
    void notes() {
        try (ProgressView view = view()) {
            DistillationProgress progress = new DistillationProgress(view, clock, Optional.empty());
            progress.on(new ClassSkipped(1, 0, 0, "not finite"));
            progress.on(new WorkerRestarted("out of memory"));
        }

        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                        warning: class 1 was skipped in this inner loop, and the next one tries again: not finite
                        warning: the worker failed and was restarted; the run continues: out of memory
                        """);
    }

    @Test
    @DisplayName("of a distillation notes the accuracy of its set, and does not count the time of the evaluation")
    void evaluation() {
        try (ProgressView view = view()) {
            DistillationProgress progress = new DistillationProgress(view, clock, Optional.of(Duration.ofMinutes(1)));
            progress.on(new RunStarted(ExampleRun.settings(Method.DREAM, 2, 50), ExampleRun.CLASS_NAMES, 0, 0));
            after(30);
            progress.on(new SetEvaluated(0, 0, 0.512, 10, 20));
            progress.on(new InnerLoopCompleted(0, 0, 12.3456, 2, 1.5, 1.4, 1.5));
        }

        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                        Distilling   0 %  choosing the initial images
                        accuracy 51.2 % after 10s
                        Distilling  17 %  50s left, outer 1, inner 1/50, loss 12.35, 1.50 s per loop
                        """);
    }

    private ProgressView view() {
        Terminal log = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false, false, 80);
        return new ProgressViews(log, clock, false).begin("Distilling");
    }

    private void after(int seconds) {
        now = now.plusSeconds(seconds);
    }
}
