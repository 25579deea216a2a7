package dev.reverie.streams.live;

import dev.reverie.actors.intake.ClassHandle;
import dev.reverie.actors.intake.ClassNews;
import dev.reverie.actors.intake.Intake;
import dev.reverie.actors.lifecycle.ClassView;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.Readiness;
import java.time.Instant;
import java.util.OptionalDouble;

/** What actors say of themselves, in the words of the service. */
final class Statuses {

    private static final String STORE = "store";

    private Statuses() {}

    static ClassStatus of(ClassHandle handle, ClassView view) {
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

    static Readiness.Check ofStore(Intake.View view, boolean stopping) {
        ClassNews.StoreRead found = view.store();
        if (stopping) {
            return new Readiness.Check(STORE, false, "the service is stopping");
        }
        if (view.reading()) {
            return new Readiness.Check(STORE, false, "the store is being read");
        }
        if (!found.unreadable().isEmpty()) {
            return new Readiness.Check(
                    STORE,
                    found.unreadable().size() < found.classes(),
                    "classes that can't be read or written: " + String.join(", ", found.unreadable()));
        }
        return new Readiness.Check(STORE, true, "read and written");
    }
}
