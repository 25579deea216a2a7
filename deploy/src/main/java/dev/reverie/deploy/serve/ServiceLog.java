package dev.reverie.deploy.serve;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs what happens to a service, one line each: classes, warnings, and each outer iteration. A person reads the
 * sentence; a program the fields {@code class}, {@code outer_iteration} and {@code inner_loop} beside it. Fed by one
 * thread.
 */
public final class ServiceLog implements TelemetryListener {

    private static final Logger LOG = LoggerFactory.getLogger("reverie");

    private final Map<Integer, Integer> matched = new HashMap<>();
    private int outer = -1;
    private int inner = -1;
    private int loops;
    private double seconds;
    private double loss;

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case TelemetryEvent.ClassPhaseChanged(var label, var name, var phase) ->
                placed(LOG.atInfo())
                        .addKeyValue("class", name)
                        .log(
                                "class '{}' ({}) {}",
                                name,
                                label,
                                phase.map(text -> "is " + text.toLowerCase(Locale.ROOT))
                                        .orElse("was forgotten"));
            case TelemetryEvent.Warning(var message) -> placed(LOG.atWarn()).log("warning: {}", message);
            case TelemetryEvent.WorkerRestarted(var reason) ->
                placed(LOG.atWarn()).log("warning: the worker was restarted: {}", reason);
            case TelemetryEvent.MemoryEvaluated evaluated ->
                placed(LOG.atInfo())
                        .addKeyValue("accuracy", evaluated.accuracy())
                        .log("held-out accuracy %.1f %%: %d new images of %d classes, by a learner of the memory at %s"
                                .formatted(
                                        100 * evaluated.accuracy(),
                                        evaluated.images(),
                                        evaluated.classes().size(),
                                        evaluated.taken().truncatedTo(ChronoUnit.SECONDS)));
            case TelemetryEvent.ClassMatched match -> matched.merge(match.label(), 1, Integer::sum);
            case TelemetryEvent.InnerLoopCompleted loop -> onLoop(loop);
            default -> {
                // too often to be told
            }
        }
    }

    private void onLoop(TelemetryEvent.InnerLoopCompleted loop) {
        if (loop.outer() != outer) {
            tellIteration();
            outer = loop.outer();
        }
        inner = loop.inner();
        loops++;
        seconds += loop.seconds();
        loss = loop.matchingLoss();
    }

    private void tellIteration() {
        if (loops > 0) {
            placed(LOG.atInfo())
                    .addKeyValue("matching_loss", loss)
                    .log("outer iteration %d: %d inner loops over %d classes, %.2f s each, matching loss %.1f"
                            .formatted(outer, loops, matched.size(), seconds / loops, loss));
        }
        loops = 0;
        seconds = 0;
        matched.clear();
    }

    /** Says where learning is, once it has begun. */
    private LoggingEventBuilder placed(LoggingEventBuilder line) {
        return outer < 0 ? line : line.addKeyValue("outer_iteration", outer).addKeyValue("inner_loop", inner);
    }

    public void say(String line) {
        LOG.info(line);
    }
}
