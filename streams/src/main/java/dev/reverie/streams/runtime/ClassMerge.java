package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.DeliveryOutcome.Accepted;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Delivers the real images of a class to another one, and seals the class as soon as the other one has all that it has
 * accepted until then. Each image counts once, so the merge can be repeated if it ends early.
 *
 * @param admit delivers samples
 * @param into label of the other class, which must exist
 */
record ClassMerge(
        ServiceActorRefs actors,
        Function<Delivery, CompletionStage<DeliveryOutcome>> admit,
        OpenClass from,
        String into) {

    /** Several times as many as a class of 1 GiB needs that gets no images meanwhile. */
    private static final int MAX_ROUNDS = 1000;

    /** Completes with the numbers of all images, or with the outcome of a delivery that was not wholly accepted. */
    CompletionStage<DeliveryOutcome> run() {
        return moveFrom(0, new Accepted(0, 0), MAX_ROUNDS);
    }

    private CompletionStage<DeliveryOutcome> moveFrom(long ordinal, Accepted before, int rounds) {
        return this.<ClassCommand.RealImages>ask(replyTo -> new ClassCommand.GetRealImages(into, ordinal, replyTo))
                .thenCompose(found -> deliver(found, before)
                        .thenCompose(outcome -> outcome instanceof Accepted moved
                                        && moved.refused().isEmpty()
                                ? sealAt(found.next(), moved, rounds - 1)
                                : CompletableFuture.completedStage(outcome)));
    }

    /**
     * Seals the class, unless it has further images. Fails if it was sealed before all its images were delivered, or
     * gets others without end.
     */
    private CompletionStage<DeliveryOutcome> sealAt(long seen, Accepted moved, int rounds) {
        return this.<ClassInfo>ask(replyTo -> new ClassCommand.SealAt(seen, replyTo))
                .thenCompose(info -> {
                    if (info.phase() != ClassPhase.SEALED) {
                        return rounds > 0
                                ? moveFrom(seen, moved, rounds)
                                : CompletableFuture.failedStage(new UnavailableException("the class '"
                                        + from.info().label() + "' gets images faster than they are merged: let its"
                                        + " senders use the label '" + into + "', then send the request again"));
                    }
                    return info.seen() == seen
                            ? CompletableFuture.completedStage(moved)
                            : CompletableFuture.failedStage(new UnavailableException(
                                    "the class '" + from.info().label()
                                            + "' was sealed meanwhile, which dropped the images that were not merged yet: the"
                                            + " class '" + into + "' has " + (moved.accepted() + moved.duplicates())
                                            + " of them"));
                });
    }

    private CompletionStage<DeliveryOutcome> deliver(ClassCommand.RealImages found, Accepted before) {
        return admit(
                IntStream.range(0, found.images().size())
                        .mapToObj(i -> new Sample(
                                into,
                                Optional.empty(),
                                found.images().get(i),
                                new SampleFingerprint(
                                        found.fingerprints().id(i),
                                        found.fingerprints().content(i))))
                        .toList(),
                before);
    }

    /** Delivers samples. One whose id is that of another image is delivered again as a sample without an id. */
    private CompletionStage<DeliveryOutcome> admit(List<Sample> samples, Accepted before) {
        if (samples.isEmpty()) {
            return CompletableFuture.completedStage(before);
        }
        return admit.apply(new Delivery(IngestSource.HTTP, samples)).thenCompose(outcome -> {
            if (!(outcome instanceof Accepted(var accepted, var duplicates, var refused))
                    || refused.stream().anyMatch(each -> each.reason() != SampleVerdict.CONFLICT)) {
                return CompletableFuture.completedStage(outcome);
            }
            List<Sample> again = refused.stream()
                    .map(each -> new Sample(
                            into, Optional.empty(), samples.get(each.index()).image()))
                    .toList();
            return admit(again, new Accepted(before.accepted() + accepted, before.duplicates() + duplicates));
        });
    }

    private <R> CompletionStage<R> ask(Function<ActorRef<R>, ClassMessage> message) {
        return Asks.askRepeatedly(from.actor(), message, actors.scheduler());
    }
}
