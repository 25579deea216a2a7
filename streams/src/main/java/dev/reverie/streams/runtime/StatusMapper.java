package dev.reverie.streams.runtime;

import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.lifecycle.ClassSummary;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.Readiness;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Converts the replies of actors to the types of the service interface. */
final class StatusMapper {

    private static final String STORE = "store";

    private StatusMapper() {}

    static ClassStatus of(ClassHandle handle, ClassSummary view) {
        return new ClassStatus(
                handle.name(),
                handle.label(),
                view.phase(),
                view.seen(),
                view.reservoir(),
                view.images(),
                view.innerLoops(),
                view.matchingLoss(),
                view.updated());
    }

    /** Returns the status of a class that has never responded. */
    static ClassStatus of(ClassHandle handle) {
        return new ClassStatus(
                handle.name(),
                handle.label(),
                handle.phase(),
                handle.seen(),
                0,
                0,
                0,
                OptionalDouble.empty(),
                Instant.EPOCH);
    }

    /**
     * Returns the result of the readiness check of the store.
     *
     * @param problem why the store cannot be written to; empty if it can
     */
    static Readiness.Check ofStore(IntakeActor.Overview view, Optional<String> problem) {
        List<String> unreadable = view.store().unreadable();
        if (view.registryFailure().isPresent()) {
            return new Readiness.Check(
                    STORE,
                    false,
                    "the list of classes " + describe(view.registryFailure().get()));
        }
        if (view.loading()) {
            return new Readiness.Check(STORE, false, "is being read");
        }
        if (problem.isPresent()) {
            return new Readiness.Check(STORE, false, problem.get());
        }
        return unreadable.isEmpty()
                ? new Readiness.Check(STORE, true, "is read and written")
                : new Readiness.Check(
                        STORE,
                        unreadable.size() < view.store().classes(),
                        "classes that cannot be read or written: " + String.join(", ", unreadable));
    }

    static Readiness.Check ofWorker(ServiceCommand.Status status) {
        return new Readiness.Check("worker", status.available(), status.worker());
    }

    static String describe(StoreFailure failure) {
        return switch (failure) {
            case DAMAGED -> "is damaged: restore it from a backup";
            case FULL -> "is full: free space on its disk";
            case UNAVAILABLE -> "cannot be read or written: see the log for the cause";
        };
    }
}
