package dev.reverie.streams.runtime;

import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.streams.service.Readiness;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Everything that the readiness of a service depends on. Thread safe. */
final class ReadinessChecks {

    private final StoreProbe store;
    private final List<Supplier<Readiness.Check>> doors = new CopyOnWriteArrayList<>();
    private volatile boolean leaving;

    ReadinessChecks(StoreProbe store) {
        this.store = store;
    }

    void alsoCheck(Supplier<Readiness.Check> door) {
        doors.add(door);
    }

    /** From now on it is not ready. */
    void leave() {
        leaving = true;
    }

    CompletionStage<Readiness> of(
            CompletionStage<IntakeActor.Overview> view, CompletionStage<ServiceCommand.Status> progress) {
        return view.thenCombine(store.trouble(), StatusMapper::ofStore)
                .thenCombine(
                        progress,
                        (stored, status) -> new Readiness(Stream.concat(
                                        Stream.of(intake(), stored, StatusMapper.ofWorker(status)),
                                        doors.stream().map(Supplier::get))
                                .toList()));
    }

    private Readiness.Check intake() {
        return new Readiness.Check("intake", !leaving, leaving ? "the service is stopping" : "takes samples");
    }
}
