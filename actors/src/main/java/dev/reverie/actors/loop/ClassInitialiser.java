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
import dev.reverie.gpu.engine.ClassifyOutcome;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Gives a class its first synthetic images: the method's initialiser finds images, multi-formation composes them.
 * Thread safe.
 */
public final class ClassInitialiser {

    private final RetryingWorker worker;
    private final ForgettingRecorder forgetting = new ForgettingRecorder();
    private final InitialImages first;
    private final TelemetryListener telemetry;
    private final Scheduler scheduler;

    public ClassInitialiser(
            RetryingWorker worker, DistillationSettings settings, TelemetryListener telemetry, Scheduler scheduler) {
        this.worker = worker;
        this.first = new InitialImages(worker, settings, forgetting, scheduler);
        this.telemetry = telemetry;
        this.scheduler = scheduler;
    }

    /** One class after the other; fails with a {@link DistillationException} if the images can't be chosen. */
    public CompletionStage<Done> initialiseAll(List<ClassRef> members, NetworkId network) {
        CompletionStage<Done> all = CompletableFuture.completedStage(Done.getInstance());
        for (ClassRef member : members) {
            all = all.thenCompose(done -> initialise(member, network));
        }
        return all;
    }

    public CompletionStage<Done> initialise(ClassRef member, NetworkId network) {
        return first.of(member, network).thenCompose(found -> member.<Done>ask(
                        replyTo -> new ClassActor.Initialise(repeatedTo(first.needed(), found.images()), replyTo),
                        scheduler)
                .thenApply(done -> {
                    telemetry.on(new TelemetryEvent.ClassInitialised(member.label(), found.seconds()));
                    return done;
                }));
    }

    /** Notes what a network in training gets right of each class, for the initialiser that asks what it forgets. */
    public CompletionStage<Done> watch(List<ClassRef> members, NetworkId network) {
        CompletionStage<Done> all = CompletableFuture.completedStage(Done.getInstance());
        for (ClassRef member : members) {
            all = all.thenCompose(done -> watch(member, network));
        }
        return all;
    }

    private CompletionStage<Done> watch(ClassRef member, NetworkId network) {
        return first.candidates(member).thenCompose(candidates -> worker.classify(
                        new ClassifyTask(network, ImageBatch.of(candidates.images())))
                .thenApply(answer -> {
                    if (answer instanceof WorkerReply.Completed<ClassifyOutcome>(var seen, var seconds)) {
                        forgetting.observe(member, candidates, seen);
                    }
                    return Done.getInstance();
                }));
    }

    /** A class too small to fill every cell fills them from the front again. */
    private static List<Image> repeatedTo(int count, List<Image> chosen) {
        return IntStream.range(0, count)
                .mapToObj(i -> chosen.get(i % chosen.size()))
                .toList();
    }
}
