package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.streams.service.UnavailableException;
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

    /** Returns the state of the intake; fails with an {@link UnavailableException} while the store is being read. */
    CompletionStage<IntakeActor.Overview> completeOverview() {
        return overview()
                .thenCompose(overview -> overview.loading()
                        ? CompletableFuture.failedStage(new UnavailableException(
                                "the service is still reading its store: try again in a moment"))
                        : CompletableFuture.completedStage(overview));
    }

    CompletionStage<ServiceCommand.Status> status() {
        return Asks.ask(coordinator, ServiceCommand.GetStatus::new, scheduler);
    }

    CompletionStage<MemoryCache.Inputs> memoryInputs() {
        return completeOverview()
                .thenCombine(
                        status(),
                        (overview, status) -> new MemoryCache.Inputs(overview.classes(), status.normalisation()));
    }
}
