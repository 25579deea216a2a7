package dev.reverie.actors.loop;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.worker.RetryingWorker;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.engine.ClassifyOutcome;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.SelectOutcome;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.formation.NoiseImages;
import dev.reverie.gpu.formation.RandomCrops;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.select.SelectionRule;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Finds what the synthetic images of a class are composed of, as the method's initialiser says. Thread safe.
 *
 * @param forgetting what a network in training forgot, where the method asks for it
 */
record InitialImages(
        RetryingWorker worker, DistillationSettings settings, ForgettingRecorder forgetting, Scheduler scheduler) {

    /** Sets the draw of the images to look at apart from that of the choice among them. */
    private static final long CANDIDATES = 1;

    /**
     * What was found.
     *
     * @param images at most as many as are needed
     * @param seconds that the worker took
     */
    record Found(List<Image> images, double seconds) {
        Found {
            images = List.copyOf(images);
        }
    }

    /** Fails with a {@link DistillationException} if the worker cannot say. */
    CompletionStage<Found> of(ClassRef member, NetworkId network) {
        return switch (settings.composition().initialiser()) {
            case NOISE -> candidates(member, 1).thenApply(one -> noise(member, one));
            case CROPS -> candidates(member, limit()).thenCompose(some -> crops(member, network, some));
            case FORGETTING ->
                candidates(member, limit()).thenApply(some -> new Found(forgetting.worst(member, some, needed()), 0));
            case IN_ORDER, RANDOM, K_MEANS, CENTRAL, BOUNDARY, HERDING, K_CENTER ->
                select(settings.composition().initialiser().selection().orElseThrow(), member, network);
        };
    }

    /** Asked for twice, a class shows the same images. */
    CompletionStage<ClassActor.Candidates> candidates(ClassRef member) {
        return candidates(member, limit());
    }

    private CompletionStage<ClassActor.Candidates> candidates(ClassRef member, int limit) {
        return member.ask(
                replyTo -> new ClassActor.FindCandidates(limit, draw(member.label(), CANDIDATES), replyTo), scheduler);
    }

    private long draw(long... coordinates) {
        return Seeds.of(settings.seed(), Seeds.Purpose.INITIALISE, coordinates);
    }

    private int limit() {
        return Math.max(settings.representatives().candidates(), needed());
    }

    /** Real images in the stored ones of a class. */
    int needed() {
        return settings.ipc() * settings.factor() * settings.factor();
    }

    private Found noise(ClassRef member, ClassActor.Candidates one) {
        return new Found(NoiseImages.images(one.images().getFirst().shape(), needed(), draw(member.label())), 0);
    }

    /** Looks at all images where that costs nothing. */
    private CompletionStage<Found> select(SelectionRule selection, ClassRef member, NetworkId network) {
        return candidates(member, selection.needsFeatures() ? limit() : Integer.MAX_VALUE)
                .thenCompose(candidates -> {
                    List<Image> images = candidates.images();
                    int count = Math.min(needed(), images.size());
                    return worker.select(new SelectTask(network, selection, images, count, draw(member.label())))
                            .thenCompose(
                                    answer -> found(member, answer, (SelectOutcome choice) -> choice.indices().stream()
                                            .map(images::get)
                                            .toList()));
                });
    }

    private CompletionStage<Found> crops(ClassRef member, NetworkId network, ClassActor.Candidates candidates) {
        RandomCrops crops = RandomCrops.of(candidates.images(), draw(member.label()));
        return worker.classify(new ClassifyTask(network, crops.seen(settings.factor())))
                .thenCompose(answer -> found(
                        member,
                        answer,
                        (ClassifyOutcome seen) -> crops.best(needed(), crop -> seen.loss(crop, member.label()))));
    }

    private static <T> CompletionStage<Found> found(
            ClassRef member, WorkerReply.Answer<T> answer, Function<T, List<Image>> images) {
        return switch (answer) {
            case WorkerReply.Completed<T>(var outcome, var seconds) ->
                CompletableFuture.completedStage(new Found(images.apply(outcome), seconds));
            case WorkerReply.Failed<T>(var reason) ->
                CompletableFuture.failedStage(new DistillationException(
                        "the initial images of class '" + member.name() + "' could not be chosen: " + reason));
        };
    }
}
