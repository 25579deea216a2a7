package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Sends deliveries to the intake of a service. Thread safe.
 *
 * @param factor the multi-formation factor for images of a shape
 */
record DeliveryRequests(ServiceActorRefs actors, MemoryCache memory, ToIntFunction<ImageShape> factor) {

    /** The minimum height and width that the pooling of the network accepts, in pixels. */
    private static final int MIN_SIDE = 2;

    /**
     * Refuses a delivery with an image that is too small, and asks the intake to store any other. Checks every image,
     * because that of the first new sample can decide the shape of a service.
     */
    CompletionStage<DeliveryOutcome> admit(Delivery delivery) {
        Optional<DeliveryOutcome> tooSmall = delivery.samples().stream()
                .map(sample -> sample.image().shape())
                .distinct()
                .flatMap(shape -> tooSmall(shape).stream())
                .findFirst();
        if (tooSmall.isPresent()) {
            return CompletableFuture.completedStage(tooSmall.get());
        }
        return Asks.<IntakeActor.Command, DeliveryOutcome>ask(
                        actors.intake(), replyTo -> new IntakeActor.Deliver(delivery, replyTo), actors.scheduler())
                .thenApply(outcome -> {
                    if (outcome instanceof DeliveryOutcome.Accepted) {
                        memory.accepted(
                                delivery.samples().stream().map(Sample::label).collect(Collectors.toUnmodifiableSet()));
                    }
                    return outcome;
                });
    }

    private Optional<DeliveryOutcome> tooSmall(ImageShape shape) {
        int minSide = Math.max(MIN_SIDE, factor.applyAsInt(shape));
        return Math.min(shape.height(), shape.width()) >= minSide
                ? Optional.empty()
                : Optional.of(new DeliveryOutcome.Refused(
                        DeliveryOutcome.Reason.SHAPE_MISMATCH,
                        "images of " + shape + " pixels are too small: send images of at least " + minSide + "x"
                                + minSide + " pixels"));
    }

    /** The items that the intake remembers. */
    CompletionStage<ItemKeys> items() {
        return Asks.<IntakeActor.Command, IntakeActor.Items>ask(
                        actors.intake(), IntakeActor.GetItems::new, actors.scheduler())
                .thenApply(IntakeActor.Items::keys);
    }

    /** Lets the intake forget items. */
    void removeItems(ItemKeys keys) {
        actors.intake().tell(new IntakeActor.RemoveItems(keys));
    }
}
