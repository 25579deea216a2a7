package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.service.ServiceException.StoreDamagedException;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * References to the intake and the coordinator, with methods that query their state. Thread safe.
 *
 * @param livesHere whether the class with an index lives in this process
 */
record ServiceActorRefs(
        ActorRef<IntakeActor.Command> intake,
        ActorRef<ServiceCommand> coordinator,
        IntPredicate livesHere,
        Scheduler scheduler) {

    /**
     * A class that does not respond within this time is shown as it was known last, if it is in another process, and
     * has no test images.
     */
    private static final Duration CLASS_TIMEOUT = Duration.ofSeconds(2);

    private static final long SHAPE_SECONDS = 2; // a sender waits for it

    /** Returns the state of the intake, which is incomplete while the store is being read. */
    CompletionStage<IntakeActor.Overview> overview() {
        return Asks.ask(intake, IntakeActor.GetOverview::new, scheduler);
    }

    /**
     * Returns the shape of the images of all classes, if the intake knows it and says so in time. Blocks until then.
     */
    Optional<ImageShape> imageShape() {
        return overview()
                .thenApply(IntakeActor.Overview::shape)
                .toCompletableFuture()
                .completeOnTimeout(Optional.empty(), SHAPE_SECONDS, TimeUnit.SECONDS)
                .join();
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

    /**
     * Returns the state of the intake as {@link #completeOverview} does, with what the classes of other processes say
     * of themselves now: what they have published may still be on its way, but a status is never older than an
     * acknowledgement, whichever node has given it.
     */
    CompletionStage<IntakeActor.Overview> currentOverview() {
        return completeOverview().thenCompose(overview -> Asks.all(
                        overview.classes().stream().map(this::current).toList())
                .thenApply(overview::withClasses));
    }

    /** Returns what a class says of itself now, or the last that is known of it if it does not answer in time. */
    CompletionStage<OpenClass> current(OpenClass known) {
        if (known.failing() || livesHere.test(known.info().index())) {
            return CompletableFuture.completedStage(known);
        }
        return Asks.<ClassMessage, ClassInfo>ask(known.actor(), ClassCommand.GetInfo::new, CLASS_TIMEOUT, scheduler)
                .handle((now, failure) -> {
                    if (failure != null || !now.isAfter(known.info())) {
                        return known;
                    }
                    intake.tell(new IntakeActor.NoteClass(now));
                    return new OpenClass(now, false, known.actor());
                });
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

    private static List<OpenClass> wholeClasses(List<OpenClass> classes) {
        List<OpenClass> whole =
                classes.stream().filter(known -> !known.info().damaged()).toList();
        if (whole.isEmpty() && !classes.isEmpty()) {
            throw new StoreDamagedException(
                    "every class in the store is damaged: restore the store from a backup, or forget the classes");
        }
        return whole;
    }

    private record TestImages(int classIndex, List<Image> images) {}

    /** Returns the images that the classes set aside for testing, by class index. */
    CompletionStage<Map<Integer, List<Image>>> testImages() {
        return completeOverview()
                .thenCompose(overview -> Asks.all(overview.classes().stream()
                        .filter(known -> !known.info().damaged())
                        .map(this::testImages)
                        .toList()))
                .thenApply(all -> all.stream().collect(Collectors.toMap(TestImages::classIndex, TestImages::images)));
    }

    private CompletionStage<TestImages> testImages(OpenClass known) {
        return Asks.<ClassMessage, ClassActor.Images>ask(
                        known.actor(), ClassCommand.GetTestImages::new, CLASS_TIMEOUT, scheduler)
                .handle((found, failure) ->
                        new TestImages(known.info().index(), failure == null ? found.images() : List.of()));
    }
}
