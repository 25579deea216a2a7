package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.streams.service.UnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/** The actors that know what a service has. Thread safe. */
record ServiceActorRefs(
        ActorRef<IntakeActor.Command> intake, ActorRef<ServiceCommand> coordinator, Scheduler scheduler) {

    /** What there is, which is not all while the store is being read. */
    CompletionStage<IntakeActor.Overview> look() {
        return Asks.ask(intake, IntakeActor.GetOverview::new, scheduler);
    }

    /** Fails with an {@link UnavailableException} while the store is being read, rather than to show a part of it. */
    CompletionStage<IntakeActor.Overview> whole() {
        return look().thenCompose(view -> view.loading()
                ? CompletableFuture.failedStage(
                        new UnavailableException("the store is still being read: ask again in a moment"))
                : CompletableFuture.completedStage(view));
    }

    CompletionStage<ServiceCommand.Status> progress() {
        return Asks.ask(coordinator, ServiceCommand.Ask::new, scheduler);
    }

    CompletionStage<MemoryCache.Gathering> gathering() {
        return whole().thenCombine(
                        progress(),
                        (view, status) -> new MemoryCache.Gathering(view.classes(), status.normalisation()));
    }
}
