package dev.reverie.actors.loop;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.worker.RetryingWorker;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.gpu.synthetic.NoiseImages;
import dev.reverie.gpu.synthetic.RandomCrops;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Uses the method's initialiser to choose the images from which the initial synthetic images of a class are composed.
 * Thread safe.
 *
 * @param normalisation normalisation of the real data
 * @param forgetting forgetting events; recorded only for the initialiser FORGETTING
 */
record InitialImages(
        RetryingWorker worker,
        DistillationSettings settings,
        Normalisation normalisation,
        ForgettingRecorder forgetting,
        Scheduler scheduler) {

    /**
     * Part of the seed for drawing candidates. Without it, the candidates and the choice among them would have the same
     * seed.
     */
    private static final long CANDIDATES = 1;

    /**
     * The chosen images.
     *
     * @param images the images, at most {@link #needed}
     * @param seconds time spent inside the worker, in seconds
     */
    record Found(List<Image> images, double seconds) {
        Found {
            images = List.copyOf(images);
        }
    }

    /** Chooses the images. Fails with a {@link DistillationException} if the worker fails. */
    CompletionStage<Found> find(ClassRef target, NetworkId network) {
        return switch (settings.composition().initialiser()) {
            case NOISE -> candidates(target, 1).thenApply(one -> noise(target, one, Normalisation.neutral(shape(one))));
            case NORMALISED_NOISE -> candidates(target, 1).thenApply(one -> noise(target, one, normalisation));
            case CROPS -> candidates(target, limit()).thenCompose(some -> crops(target, network, some));
            case FORGETTING ->
                candidates(target, limit())
                        .thenApply(some -> new Found(forgetting.mostForgotten(target, some, needed()), 0));
            case IN_ORDER, RANDOM, K_MEANS, CENTRAL, BOUNDARY, HERDING, K_CENTER ->
                select(settings.composition().initialiser().selection().orElseThrow(), target, network);
        };
    }

    /** Draws candidates of a class, the same ones in every call. */
    CompletionStage<ClassActor.Candidates> candidates(ClassRef target) {
        return candidates(target, limit());
    }

    private CompletionStage<ClassActor.Candidates> candidates(ClassRef target, int limit) {
        return target.ask(
                replyTo -> new ClassActor.FindCandidates(limit, seed(target.label(), CANDIDATES), replyTo), scheduler);
    }

    private long seed(long... coordinates) {
        return Seeds.of(settings.seed(), Seeds.Purpose.INITIALISE, coordinates);
    }

    private int limit() {
        return Math.max(settings.representatives().candidates(), needed());
    }

    /** Number of images that fill all cells of the synthetic images of a class. */
    int needed() {
        return settings.ipc() * settings.factor() * settings.factor();
    }

    private Found noise(ClassRef target, ClassActor.Candidates one, Normalisation distribution) {
        return new Found(NoiseImages.images(shape(one), distribution, needed(), seed(target.label())), 0);
    }

    private static ImageShape shape(ClassActor.Candidates one) {
        return one.images().getFirst().shape();
    }

    /** Selects from all images of the class if the rule needs no features, otherwise from candidates. */
    private CompletionStage<Found> select(SelectionRule selection, ClassRef target, NetworkId network) {
        return candidates(target, selection.needsFeatures() ? limit() : Integer.MAX_VALUE)
                .thenCompose(candidates -> {
                    List<Image> images = candidates.images();
                    int count = Math.min(needed(), images.size());
                    return worker.select(new SelectTask(network, selection, images, count, seed(target.label())))
                            .thenCompose(
                                    answer -> found(target, answer, (SelectOutcome choice) -> choice.indices().stream()
                                            .map(images::get)
                                            .toList()));
                });
    }

    private CompletionStage<Found> crops(ClassRef target, NetworkId network, ClassActor.Candidates candidates) {
        RandomCrops crops = RandomCrops.of(candidates.images(), settings.factor(), seed(target.label()));
        return worker.classify(new ClassifyTask(network, crops.seen()))
                .thenCompose(answer -> found(
                        target,
                        answer,
                        (ClassifyOutcome predictions) ->
                                crops.best(needed(), crop -> predictions.loss(crop, target.label()))));
    }

    private static <T> CompletionStage<Found> found(
            ClassRef target, WorkerReply.Result<T> answer, Function<T, List<Image>> images) {
        return switch (answer) {
            case WorkerReply.Completed<T>(var outcome, var seconds) ->
                CompletableFuture.completedStage(new Found(images.apply(outcome), seconds));
            case WorkerReply.Failed<T>(var reason) ->
                CompletableFuture.failedStage(new DistillationException(
                        "choosing the initial images of class '" + target.name() + "' failed (" + reason
                                + "); try again, with a smaller network width if memory ran out"));
        };
    }
}
