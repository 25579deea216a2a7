package dev.reverie.streams.runtime;

import dev.reverie.actors.Request;
import dev.reverie.actors.intake.Intake;
import dev.reverie.actors.service.LiveCommand;
import dev.reverie.streams.service.UnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/** The actors that know what a service has. Thread safe. */
record LiveActors(ActorRef<Intake.Command> intake, ActorRef<LiveCommand> coordinator, Scheduler scheduler) {

    /** What there is, which is not all while the store is being read. */
    CompletionStage<Intake.View> look() {
        return Request.ask(intake, Intake.Look::new, scheduler);
    }

    /** Fails with an {@link UnavailableException} while the store is being read, rather than to show a part of it. */
    CompletionStage<Intake.View> whole() {
        return look().thenCompose(view -> view.reading()
                ? CompletableFuture.failedStage(
                        new UnavailableException("the store is still being read: ask again in a moment"))
                : CompletableFuture.completedStage(view));
    }

    CompletionStage<LiveCommand.Status> progress() {
        return Request.ask(coordinator, LiveCommand.Ask::new, scheduler);
    }

    CompletionStage<MemoryCache.Gathering> gathering() {
        return whole().thenCombine(
                        progress(),
                        (view, status) -> new MemoryCache.Gathering(view.classes(), status.normalisation()));
    }
}
