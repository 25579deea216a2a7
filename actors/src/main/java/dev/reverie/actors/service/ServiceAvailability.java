package dev.reverie.actors.service;

import dev.reverie.actors.Asks;
import dev.reverie.actors.worker.EngineUnavailableException;
import java.time.Duration;
import java.util.Optional;

/** Knows whether a service can learn at present, and if not, why. Belongs to the coordinator. */
final class ServiceAvailability {

    private Optional<String> reason = Optional.empty();

    /** Whether the service cannot learn, for a reason that was reported to this object. */
    boolean isLost() {
        return reason.isPresent();
    }

    void lose(String why) {
        reason = Optional.of(why);
    }

    /** Notes a failure of the worker. The service cannot learn if the worker has no engine. */
    void onWorkerFailed(Throwable cause) {
        if (cause instanceof EngineUnavailableException lost) {
            lose(Asks.reasonOf(lost.reason()));
        }
    }

    void restore() {
        reason = Optional.empty();
    }

    /**
     * The status of the service.
     *
     * @param silence time for which the worker has not replied, if that is longer than any job
     * @param activity what the service does if it can learn
     */
    ServiceCommand.Status status(StoredProgress progress, Optional<Duration> silence, String activity) {
        Optional<String> trouble = reason.or(() -> silence.map(lasting -> "a worker has not replied for "
                + lasting.toMinutes() + " minutes; restart the service if this does not end"));
        return new ServiceCommand.Status(
                progress.innerLoops(),
                progress.outerIterations(),
                progress.normalisation(),
                trouble.map(why -> "unavailable: " + why).orElse(activity),
                trouble.isEmpty());
    }
}
