package dev.reverie.deploy.serve;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.deploy.progress.Eta;
import dev.reverie.deploy.text.Plural;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs one line for each warning, evaluation, outer iteration and class change of a service. Each line has a message
 * for people and, for programs, fields such as {@code class}, {@code outer_iteration} and {@code inner_loop}. Telemetry
 * must be passed from one thread at a time.
 */
public final class ServiceLog implements TelemetryListener {

    private static final Logger LOG = LoggerFactory.getLogger("reverie");

    /** The format of past times, with the date because an evaluation can take days. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final Set<Integer> matched = new HashSet<>();
    private int outer = -1;
    private int inner = -1;
    private int loops;
    private double seconds;
    private double loss;
    private long loopsToConvergence;

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case TelemetryEvent.ClassPhaseChanged(var index, var name, var phase) ->
                withPosition(LOG.atInfo())
                        .addKeyValue("class", name)
                        .log(
                                "class '{}' ({}) {}",
                                name,
                                index,
                                phase.map(ServiceLog::entered).orElse("was forgotten"));
            case TelemetryEvent.WaitingForSecondClass(var _, var name, var minImages) ->
                withPosition(LOG.atInfo())
                        .addKeyValue("class", name)
                        .log(
                                "class '{}' has enough images; learning starts when a second class has at least {}",
                                name,
                                Plural.of(minImages, "image"));
            case TelemetryEvent.Warning(var message) ->
                withPosition(LOG.atWarn()).log("warning: {}", message);
            case TelemetryEvent.WorkerRestarted(var reason) ->
                withPosition(LOG.atWarn())
                        .log("warning: the worker failed and was restarted; distillation continues: {}", reason);
            case TelemetryEvent.MemoryEvaluated evaluated ->
                withPosition(LOG.atInfo())
                        .addKeyValue("accuracy", evaluated.accuracy())
                        .log("held-out accuracy %.1f %%: %s of %,d of %s, tested with the memory as of %s, %s ago"
                                .formatted(
                                        100 * evaluated.accuracy(),
                                        Plural.of(evaluated.images(), "test image"),
                                        evaluated.accuracies().size(),
                                        Plural.of(evaluated.memoryClasses(), "class", "classes"),
                                        TIME.format(evaluated.taken()),
                                        Eta.format(Duration.between(evaluated.taken(), evaluated.ended()))));
            case TelemetryEvent.ClassMatched match -> matched.add(match.classIndex());
            case TelemetryEvent.InnerLoopCompleted loop -> onLoop(loop);
            case TelemetryEvent.ConvergenceExpected(var expected) -> onConvergenceExpected(expected);
            default -> {
                // too frequent for a log
            }
        }
    }

    private static String entered(ClassPhase phase) {
        return switch (phase) {
            case COLLECTING -> "is collecting images";
            case DISTILLING -> "is being distilled";
            case CONVERGED -> "has converged";
            case SEALED -> "is sealed";
        };
    }

    private void onLoop(TelemetryEvent.InnerLoopCompleted loop) {
        if (loop.outer() != outer) {
            logIteration();
            outer = loop.outer();
        }
        inner = loop.inner();
        loops++;
        seconds += loop.seconds();
        loss = loop.matchingLoss();
    }

    private void logIteration() {
        if (loops > 0) {
            withPosition(LOG.atInfo())
                    .addKeyValue("matching_loss", loss)
                    .log("outer iteration %d: %s over %s, %.2f s each, matching loss %.1f%s"
                            .formatted(
                                    outer,
                                    Plural.of(loops, "inner loop"),
                                    Plural.of(matched.size(), "class", "classes"),
                                    seconds / loops,
                                    loss,
                                    convergence()));
        }
        loops = 0;
        seconds = 0;
        matched.clear();
    }

    /** Logs the expected time when it is known first, because an outer iteration can take minutes. */
    private void onConvergenceExpected(long expected) {
        boolean begins = loopsToConvergence == 0 && loops > 0;
        loopsToConvergence = expected;
        if (begins && expected > 0) {
            withPosition(LOG.atInfo())
                    .log("learning: %.2f s for an inner loop%s".formatted(seconds / loops, convergence()));
        }
    }

    /** Says when all classes have converged at the earliest, at the pace of the last loops. */
    private String convergence() {
        return loopsToConvergence == 0
                ? ""
                : ", converged in " + Eta.format(Duration.ofSeconds(Math.round(loopsToConvergence * seconds / loops)))
                        + " at the earliest";
    }

    /** Adds the position of the last loop, once learning has started. */
    private LoggingEventBuilder withPosition(LoggingEventBuilder line) {
        return outer < 0 ? line : line.addKeyValue("outer_iteration", outer).addKeyValue("inner_loop", inner);
    }

    /** Logs a warning without a position. May be called from any thread. */
    public void warn(String message) {
        LOG.warn("warning: {}", message);
    }

    /** Logs a line at INFO. May be called from any thread. */
    public void say(String line) {
        LOG.info(line);
    }

    /** Sets the least level that is logged, except for loggers with a level of their own in logback.xml. */
    public static void level(Level level) {
        if (LoggerFactory.getLogger(ch.qos.logback.classic.Logger.ROOT_LOGGER_NAME)
                instanceof ch.qos.logback.classic.Logger root) {
            root.setLevel(ch.qos.logback.classic.Level.convertAnSLF4JLevel(level));
        }
    }
}
