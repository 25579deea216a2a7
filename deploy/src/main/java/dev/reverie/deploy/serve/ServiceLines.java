package dev.reverie.deploy.serve;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Tells a person what happens, in one line each: classes, warnings, and each outer iteration. Fed by one thread. */
public final class ServiceLines implements TelemetryListener {

    private final PrintWriter out;
    private final InstantSource clock;
    private final Map<Integer, Integer> matched = new HashMap<>();
    private int outer = -1;
    private int loops;
    private double seconds;
    private double loss;

    public ServiceLines(PrintWriter out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case TelemetryEvent.ClassPhaseChanged(var label, var name, var phase) ->
                say("class '%s' (%d) %s"
                        .formatted(
                                name,
                                label,
                                phase.map(text -> "is " + text.toLowerCase(Locale.ROOT))
                                        .orElse("was forgotten")));
            case TelemetryEvent.Warning(var message) -> say("warning: " + message);
            case TelemetryEvent.WorkerRestarted(var reason) -> say("warning: the worker was restarted: " + reason);
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
        loops++;
        seconds += loop.seconds();
        loss = loop.matchingLoss();
    }

    private void tellIteration() {
        if (loops > 0) {
            say("outer iteration %d: %d inner loops over %d classes, %.2f s each, matching loss %.1f"
                    .formatted(outer, loops, matched.size(), seconds / loops, loss));
        }
        loops = 0;
        seconds = 0;
        matched.clear();
    }

    public void say(String line) {
        LocalTime now =
                LocalTime.ofInstant(clock.instant(), ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
        out.printf("%tT %s%n", now, line);
        out.flush();
    }
}
