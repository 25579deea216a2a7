package dev.reverie.actors.service;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Finds the constants with which a service normalises its images: the means and standard deviations of images of its
 * first classes. The registry keeps them, so that all nodes of a cluster use the same constants. Belongs to the
 * coordinator.
 */
final class ServiceNormalisation {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final ActorContext<ServiceCommand> context;
    private final ServicePlan plan;
    private final ServiceProgress progress;

    ServiceNormalisation(ActorContext<ServiceCommand> context, ServicePlan plan, ServiceProgress progress) {
        this.context = context;
        this.plan = plan;
        this.progress = progress;
    }

    /** Sends images to the coordinator, or none if a class does not answer. */
    void gatherImages(ServiceClasses classes) {
        context.pipeToSelf(
                classes.normalisationImages(),
                (images, failure) -> new ServiceCommand.ImagesGathered(failure == null ? images : List.of()));
    }

    /**
     * Fixes the stored constants, or those of the images, for the whole service. Sends the constants that are fixed to
     * the coordinator later, or no images if they cannot be fixed.
     *
     * @param images real images of the same shape, at least one
     */
    void fix(List<Image> images) {
        ImageShape shape = images.getFirst().shape();
        Normalisation proposed =
                progress.progress().normalisation(shape).orElseGet(() -> Normalisation.of(shape, images));
        context.pipeToSelf(
                Asks.<IntakeActor.Command, IntakeActor.FixedNormalisation>ask(
                        plan.intake(),
                        replyTo -> new IntakeActor.FixNormalisation(proposed, replyTo),
                        TIMEOUT,
                        context.getSystem().scheduler()),
                (reply, _) -> Optional.ofNullable(reply)
                        .flatMap(IntakeActor.FixedNormalisation::normalisation)
                        .filter(fixed -> fixed.fits(shape))
                        .<ServiceCommand>map(fixed -> new ServiceCommand.NormalisationFixed(shape, fixed))
                        .orElseGet(() -> new ServiceCommand.ImagesGathered(List.of())));
    }
}
