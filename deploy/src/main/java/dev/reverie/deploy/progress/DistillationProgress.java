package dev.reverie.deploy.progress;

import dev.reverie.actors.telemetry.TelemetryEvent;
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
import dev.reverie.deploy.run.RunListener;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.method.QuickTimeLimit;
import dev.reverie.gpu.method.ScheduleSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/**
 * Shows the progress of a distillation: loops, matching loss, pace and time left, and before the first loop the
 * training of the network that chooses the images. Thread safe.
 */
public final class DistillationProgress implements RunListener {

    /** Part of the bar for the training of that network if nothing is learned; the rest is for the choice. */
    private static final double TRAINING_SHARE = 0.95;

    private final ProgressView view;
    private final InstantSource clock;
    private final Optional<Duration> timeLimit;
    private Instant start;
    private Eta eta;
    private int outers;
    private int inners;
    private int classes;
    private int initialised;
    private boolean learns;
    private int loops;
    private double fraction;

    /**
     * Shows the run in {@code view}, which the caller closes.
     *
     * @param timeLimit time limit of the run, which usually ends it before its last outer iteration
     */
    public DistillationProgress(ProgressView view, InstantSource clock, Optional<Duration> timeLimit) {
        this.view = view;
        this.clock = clock;
        this.timeLimit = timeLimit;
        this.start = clock.instant();
        this.eta = new Eta(0, 0, timeLimit);
    }

    @Override
    public synchronized void on(TelemetryEvent event) {
        switch (event) {
            case RunStarted started -> onRunStarted(started);
            case ClassInitialised _ -> onClassInitialised();
            case ObserverTrained observer -> onTrained("the observer", observer.samples(), observer.total());
            case ExpertTrained expert ->
                view.show(
                        fraction,
                        "training expert %s, epoch %,d/%,d"
                                .formatted(outer(expert.expert()), expert.epoch(), expert.epochs()));
            case InnerLoopCompleted loop -> onInnerLoopCompleted(loop);
            case SetEvaluated evaluated -> onSetEvaluated(evaluated);
            case ClassSkipped skipped ->
                view.note("warning: class " + skipped.classIndex()
                        + " was skipped in this inner loop, and the next one tries again: " + skipped.reason());
            case WorkerRestarted restarted ->
                view.note("warning: the worker failed and was restarted; the run continues: " + restarted.reason());
            case Warning warning -> view.note("warning: " + warning.message());
            case RunEnded ended -> onRunEnded(ended);
            default -> {
                // too detailed for people
            }
        }
    }

    private void onRunStarted(RunStarted started) {
        ScheduleSettings schedule = started.settings().schedule();
        start = clock.instant();
        outers = schedule.outerIterations();
        inners = schedule.innerLoops();
        classes = started.classNames().size();
        learns = started.settings().method().learns();
        long total = learns ? (long) outers * inners : 0;
        long done = (long) started.outer() * inners + started.inner();
        eta = new Eta(total, done, timeLimit);
        fraction = total > 0 ? eta.fraction(Duration.ZERO) : 0;
        view.show(fraction, choosing());
    }

    @Override
    public synchronized void selectionTrained(int samples, int total) {
        onTrained("the network that chooses the images", samples, total);
    }

    private void onTrained(String network, int samples, int total) {
        Duration elapsed = Duration.between(start, clock.instant());
        double trained = (double) samples / total;
        fraction = learns ? fraction : TRAINING_SHARE * trained;
        view.show(
                fraction,
                Eta.prefix(Optional.of(Eta.left(elapsed, trained)))
                        + "training %s, image %,d/%,d".formatted(network, samples, total));
    }

    @Override
    public synchronized void evaluationTrained(int epoch, int epochs) {
        view.show(fraction, "evaluating the set, epoch %,d/%,d".formatted(epoch, epochs));
    }

    private void onClassInitialised() {
        initialised++;
        view.show(
                learns ? fraction : fraction + (1 - fraction) * initialised / classes,
                choosing() + ", class %d/%d".formatted(initialised, classes));
    }

    private String choosing() {
        return learns ? "choosing the initial images" : "choosing images";
    }

    private void onInnerLoopCompleted(InnerLoopCompleted loop) {
        loops++;
        eta.loop(loop.seconds());
        Duration elapsed = Duration.between(start, clock.instant());
        fraction = eta.fraction(elapsed);
        view.show(
                fraction,
                String.format(
                        Locale.ROOT,
                        "%souter %s, inner %s, loss %.4g, %.2f s per loop",
                        Eta.prefix(eta.left(elapsed)),
                        outer(loop.outer()),
                        inner(loop.inner()),
                        loop.matchingLoss(),
                        eta.secondsPerLoop()));
    }

    /** With a time limit, a run has more outer iterations than it can complete. */
    private String outer(int number) {
        return timeLimit.isPresent() ? "" + (number + 1) : (number + 1) + "/" + outers;
    }

    private String inner(int number) {
        return inners == QuickTimeLimit.ENDLESS_LOOPS ? "" + (number + 1) : (number + 1) + "/" + inners;
    }

    private void onSetEvaluated(SetEvaluated evaluated) {
        start = start.plusNanos(Math.round(1e9 * evaluated.seconds()));
        view.note(String.format(
                Locale.ROOT,
                "accuracy %.1f %% after %s",
                100 * evaluated.accuracy(),
                Eta.format(Duration.ofMillis(Math.round(1000 * evaluated.elapsed())))));
    }

    private void onRunEnded(RunEnded ended) {
        String why =
                switch (ended.ending()) {
                    case COMPLETED -> "complete";
                    case TIME_LIMIT -> "time limit reached";
                    case INTERRUPTED -> "interrupted";
                };
        double shown = ended.ending() == Ending.INTERRUPTED ? fraction : 1;
        String duration = ended.seconds() < 1
                ? "less than 1s"
                : Eta.format(Duration.ofMillis(Math.round(1000 * ended.seconds())));
        String done = learns ? " and " + Plural.of(loops, "inner loop") : "";
        view.show(shown, why + " after " + duration + done);
    }
}
