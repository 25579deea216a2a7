package dev.reverie.streams.runtime;

import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.streams.service.Readiness;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the readiness checks of a service. Thread safe. */
final class ReadinessChecks {

    private static final String STORE = "store";

    /** Number of classes that a check names. */
    private static final int MAX_NAMES = 5;

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

    CompletionStage<Readiness> of(
            CompletionStage<IntakeActor.Overview> overview, CompletionStage<ServiceCommand.Status> status) {
        return overview.thenCombine(store.problem(), ReadinessChecks::ofStore)
                .thenCombine(
                        status,
                        (stored, progress) -> new Readiness(Stream.concat(
                                        Stream.of(
                                                intake(stored),
                                                stored,
                                                new Readiness.Check("worker", progress.available(), progress.worker())),
                                        additional.stream().map(Supplier::get))
                                .toList()));
    }

    private Readiness.Check intake(Readiness.Check stored) {
        String detail = stored.passed() ? "accepts samples" : "waits for the store";
        return new Readiness.Check("intake", !stopping, stopping ? "the service is stopping" : detail);
    }

    /**
     * Returns the result of the readiness check of the store.
     *
     * @param problem why the store cannot be written to; empty if it can
     */
    private static Readiness.Check ofStore(IntakeActor.Overview view, Optional<String> problem) {
        List<String> failing = view.store().failing();
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
        return failing.isEmpty()
                ? new Readiness.Check(STORE, true, "is read and written")
                : new Readiness.Check(STORE, failing.size() < view.store().classes(), describe(failing, view.infos()));
    }

    private static String describe(List<String> failing, List<ClassInfo> classes) {
        Set<String> damaged = classes.stream()
                .filter(ClassInfo::damaged)
                .map(ClassInfo::label)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> others =
                failing.stream().filter(name -> !damaged.contains(name)).toList();
        return Stream.of(
                        named("damaged classes, which are not served: ", damaged),
                        named("classes that cannot be read or written: ", others))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
    }

    private static Optional<String> named(String what, Collection<String> names) {
        int more = names.size() - MAX_NAMES;
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(names.stream()
                        .limit(MAX_NAMES)
                        .collect(Collectors.joining(", ", what, more > 0 ? " and " + more + " more" : "")));
    }

    /** Says in a few words what is wrong with the store. */
    static String describe(StoreFailure failure) {
        return switch (failure) {
            case DAMAGED -> "is damaged: restore it from a backup";
            case FULL -> "is full: free space on its disk";
            case UNAVAILABLE, OBSOLETE -> "cannot be read or written: see the log for the cause";
            case UNREACHABLE -> "does not answer: its node is unreachable, or still reads it";
        };
    }
}
