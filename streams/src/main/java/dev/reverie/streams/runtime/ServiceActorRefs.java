package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.KnownClass;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.streams.service.ServiceException.StoreDamagedException;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/** References to the intake and the coordinator, with methods that query their state. Thread safe. */
record ServiceActorRefs(
        ActorRef<IntakeActor.Command> intake, ActorRef<ServiceCommand> coordinator, Scheduler scheduler) {

    /** Returns the state of the intake, which is incomplete while the store is being read. */
    CompletionStage<IntakeActor.Overview> overview() {
        return Asks.ask(intake, IntakeActor.GetOverview::new, scheduler);
    }

    /**
     * Returns the state of the intake; fails with an {@link UnavailableException} while the store is being read, and
     * with a {@link StoreDamagedException} if its list of classes is damaged.
     */
    CompletionStage<IntakeActor.Overview> completeOverview() {
        return overview()
                .thenCompose(overview -> overview.loading()
                        ? CompletableFuture.failedStage(whyIncomplete(overview))
                        : CompletableFuture.completedStage(overview));
    }

    private static RuntimeException whyIncomplete(IntakeActor.Overview overview) {
        return overview.registryFailure().filter(StoreFailure.DAMAGED::equals).isPresent()
                ? new StoreDamagedException(
                        "the list of classes in the store is damaged: restore the store from a backup")
                : new UnavailableException("the service is still reading its store: try again in a moment");
    }

    CompletionStage<ServiceCommand.Status> status() {
        return Asks.ask(coordinator, ServiceCommand.GetStatus::new, scheduler);
    }

    /** Fails with a {@link StoreDamagedException} if every class is damaged, because the memory is not empty then. */
    CompletionStage<MemoryCache.Inputs> memoryInputs() {
        return completeOverview()
                .thenCombine(
                        status(),
                        (overview, status) ->
                                new MemoryCache.Inputs(wholeClasses(overview.classes()), status.normalisation()));
    }

    private static List<KnownClass> wholeClasses(List<KnownClass> classes) {
        List<KnownClass> whole =
                classes.stream().filter(known -> !known.info().damaged()).toList();
        if (whole.isEmpty() && !classes.isEmpty()) {
            throw new StoreDamagedException(
                    "every class in the store is damaged: restore the store from a backup, or forget the classes");
        }
        return whole;
    }
}
