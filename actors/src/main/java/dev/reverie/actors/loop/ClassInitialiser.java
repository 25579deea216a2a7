package dev.reverie.actors.loop;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.RetryingWorker;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Gives classes their initial synthetic images: the method's initialiser chooses real images, and the class composes
 * them into mosaics if the multi-formation factor is above 1. Thread safe.
 */
public final class ClassInitialiser {

    private final RetryingWorker worker;
    private final ForgettingRecorder forgetting = new ForgettingRecorder();
    private final InitialImages initialImages;
    private final TelemetryListener telemetry;
    private final Scheduler scheduler;

    /**
     * Creates an initialiser.
     *
     * @param normalisation normalisation of the real data
     */
    public ClassInitialiser(
            RetryingWorker worker,
            DistillationSettings settings,
            Normalisation normalisation,
            TelemetryListener telemetry,
            Scheduler scheduler) {
        this.worker = worker;
        this.initialImages = new InitialImages(worker, settings, normalisation, forgetting, scheduler);
        this.telemetry = telemetry;
        this.scheduler = scheduler;
    }

    /**
     * Initialises one class after another. Fails with a {@link DistillationException} if the images cannot be chosen.
     */
    public CompletionStage<Done> initialiseAll(List<ClassRef> classes, NetworkId network) {
        return oneByOne(classes, target -> initialise(target, network));
    }

    /** Initialises one class. Fails with a {@link DistillationException} if the images cannot be chosen. */
    public CompletionStage<Done> initialise(ClassRef target, NetworkId network) {
        return initialImages.find(target, network).thenCompose(found -> target.<Done>askToStore(
                        replyTo ->
                                new ClassActor.Initialise(repeatedTo(initialImages.needed(), found.images()), replyTo),
                        scheduler)
                .thenApply(done -> {
                    telemetry.on(new TelemetryEvent.ClassInitialised(target.label(), found.seconds()));
                    return done;
                }));
    }

    /**
     * Records, for the initialiser FORGETTING, which images of each class the network now classifies correctly. Records
     * nothing for a class if the worker fails; the caller must then check that the worker still has the network.
     */
    public CompletionStage<Done> recordForgetting(List<ClassRef> classes, NetworkId network) {
        return oneByOne(classes, target -> recordForgetting(target, network));
    }

    private static CompletionStage<Done> oneByOne(
            List<ClassRef> classes, Function<ClassRef, CompletionStage<Done>> action) {
        CompletionStage<Done> all = CompletableFuture.completedStage(Done.getInstance());
        for (ClassRef target : classes) {
            all = all.thenCompose(done -> action.apply(target));
        }
        return all;
    }

    private CompletionStage<Done> recordForgetting(ClassRef target, NetworkId network) {
        return initialImages.candidates(target).thenCompose(candidates -> worker.classify(
                        new ClassifyTask(network, ImageBatch.of(candidates.images())))
                .thenApply(answer -> {
                    if (answer instanceof WorkerReply.Completed<ClassifyOutcome>(var predictions, var seconds)) {
                        forgetting.record(target, candidates, predictions);
                    }
                    return Done.getInstance();
                }));
    }

    /** Repeats the chosen images if there are fewer than {@code count}. */
    private static List<Image> repeatedTo(int count, List<Image> chosen) {
        return IntStream.range(0, count)
                .mapToObj(i -> chosen.get(i % chosen.size()))
                .toList();
    }
}
