package dev.reverie.streams.runtime;

import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.streams.service.Readiness;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs the readiness checks of a service. Thread safe. */
final class ReadinessChecks {

    private final StoreProbe store;
    private final List<Supplier<Readiness.Check>> additional = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;

    ReadinessChecks(StoreProbe store) {
        this.store = store;
    }

    void addReadinessCheck(Supplier<Readiness.Check> check) {
        additional.add(check);
    }

    /** Reports the service as not ready from now on. */
    void markNotReady() {
        stopping = true;
    }

    /**
     * Runs all checks.
     *
     * @param overview what the intake answers
     * @param status what the coordinator answers
     */
    CompletionStage<Readiness> of(
            CompletionStage<IntakeActor.Overview> overview, CompletionStage<ServiceCommand.Status> status) {
        return overview.thenCombine(store.problem(), StatusMapper::ofStore)
                .thenCombine(
                        status,
                        (stored, progress) -> new Readiness(Stream.concat(
                                        Stream.of(intake(stored), stored, StatusMapper.ofWorker(progress)),
                                        additional.stream().map(Supplier::get))
                                .toList()));
    }

    private Readiness.Check intake(Readiness.Check stored) {
        String detail = stored.passed() ? "accepts samples" : "waits for the store";
        return new Readiness.Check("intake", !stopping, stopping ? "the service is stopping" : detail);
    }
}
