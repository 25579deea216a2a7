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

/** What actors say of themselves, in the words of the service. */
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

    /** Of a class that does not answer. */
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
     * What the store can do.
     *
     * @param trouble that it has with being written to
     */
    static Readiness.Check ofStore(IntakeActor.Overview view, Optional<String> trouble) {
        List<String> unreadable = view.store().unreadable();
        if (view.registryFailure().isPresent()) {
            return new Readiness.Check(
                    STORE,
                    false,
                    "the list of classes " + inWords(view.registryFailure().get()));
        }
        if (view.loading()) {
            return new Readiness.Check(STORE, false, "is being read");
        }
        if (trouble.isPresent()) {
            return new Readiness.Check(STORE, false, trouble.get());
        }
        return unreadable.isEmpty()
                ? new Readiness.Check(STORE, true, "is read and written")
                : new Readiness.Check(
                        STORE,
                        unreadable.size() < view.store().classes(),
                        "classes that can't be read or written: " + String.join(", ", unreadable));
    }

    static Readiness.Check ofWorker(ServiceCommand.Status status) {
        return new Readiness.Check("worker", status.available(), status.worker());
    }

    static String inWords(StoreFailure failure) {
        return switch (failure) {
            case DAMAGED -> "is damaged: restore a backup";
            case FULL -> "has no room left: make room";
            case UNAVAILABLE -> "can't be read or written now: the log says why";
        };
    }
}
