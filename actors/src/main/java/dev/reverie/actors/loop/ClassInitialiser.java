package dev.reverie.actors.loop;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.WorkerPool;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.select.ForgettingEvents;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.gpu.synthetic.NoiseImages;
import dev.reverie.gpu.synthetic.RandomCrops;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Gives classes their initial synthetic images: the method's initialiser chooses real images, and the class composes
 * them into mosaics if the multi-formation factor is above 1. Thread safe.
 */
public final class ClassInitialiser {

    /**
     * Part of the seed for drawing candidates. Without it, the candidates and the choice among them would have the same
     * seed.
     */
    private static final long CANDIDATES = 1;

    private final WorkerPool worker;
    private final DistillationSettings settings;
    private final Normalisation normalisation;
    private final TelemetryListener telemetry;
    private final Scheduler scheduler;
    /** How often a network has forgotten each candidate, by class; only for the initialiser FORGETTING. */
    private final Map<Integer, ForgettingEvents> forgetting = new ConcurrentHashMap<>();

    public ClassInitialiser(
            WorkerPool worker,
            DistillationSettings settings,
            Normalisation normalisation,
            TelemetryListener telemetry,
            Scheduler scheduler) {
        this.worker = worker;
        this.settings = settings;
        this.normalisation = normalisation;
        this.telemetry = telemetry;
        this.scheduler = scheduler;
    }

    /**
     * The chosen images.
     *
     * @param images at most {@link #needed}
     * @param seconds time spent inside the worker, in seconds
     */
    private record Chosen(List<Image> images, double seconds) {}

    /**
     * Initialises one class after another. Fails with a {@link DistillationException} if the images cannot be chosen.
     */
    public CompletionStage<Done> initialiseAll(List<ClassClient> classes, NetworkId network) {
        return oneByOne(classes, target -> initialise(target, network));
    }

    /** Initialises one class. Fails with a {@link DistillationException} if the images cannot be chosen. */
    public CompletionStage<Done> initialise(ClassClient target, NetworkId network) {
        return choose(target, network).thenCompose(chosen -> target.<Done>askToStore(
                        replyTo -> new ClassActor.Initialise(repeated(chosen.images()), replyTo), scheduler)
                .thenApply(done -> {
                    telemetry.on(new TelemetryEvent.ClassInitialised(target.classIndex(), chosen.seconds()));
                    return done;
                }));
    }

    /** Repeats the chosen images if there are fewer than needed. */
    private List<Image> repeated(List<Image> chosen) {
        return IntStream.range(0, needed())
                .mapToObj(i -> chosen.get(i % chosen.size()))
                .toList();
    }

    /**
     * Records, for the initialiser FORGETTING, which images of each class the network now classifies correctly. Records
     * nothing for a class if the worker fails; the caller must then check that the worker still has the network.
     */
    public CompletionStage<Done> recordForgetting(List<ClassClient> classes, NetworkId network) {
        return oneByOne(classes, target -> recordForgetting(target, network));
    }

    private CompletionStage<Done> recordForgetting(ClassClient target, NetworkId network) {
        return candidates(target, limit()).thenCompose(candidates -> worker.classify(
                        new ClassifyTask(network, ImageBatch.of(candidates.images())))
                .thenApply(answer -> {
                    if (answer instanceof WorkerReply.Completed<ClassifyOutcome>(var predictions, var _)) {
                        forgetting
                                .computeIfAbsent(target.classIndex(), _ -> noneForgotten(candidates))
                                .record(image -> predictions.label(image) == target.classIndex());
                    }
                    return Done.getInstance();
                }));
    }

    private static ForgettingEvents noneForgotten(ClassActor.Candidates candidates) {
        return new ForgettingEvents(candidates.images().size());
    }

    private static CompletionStage<Done> oneByOne(
            List<ClassClient> classes, Function<ClassClient, CompletionStage<Done>> action) {
        CompletionStage<Done> all = CompletableFuture.completedStage(Done.getInstance());
        for (ClassClient target : classes) {
            all = all.thenCompose(done -> action.apply(target));
        }
        return all;
    }

    private CompletionStage<Chosen> choose(ClassClient target, NetworkId network) {
        return switch (settings.composition().initialiser()) {
            case NOISE -> candidates(target, 1).thenApply(one -> noise(target, one, Normalisation.neutral(shape(one))));
            case NORMALISED_NOISE -> candidates(target, 1).thenApply(one -> noise(target, one, normalisation));
            case CROPS -> candidates(target, limit()).thenCompose(some -> crops(target, network, some));
            case FORGETTING -> candidates(target, limit()).thenApply(some -> mostForgotten(target, some));
            case IN_ORDER, RANDOM, K_MEANS, CENTRAL, BOUNDARY, HERDING, K_CENTER ->
                select(settings.composition().initialiser().selection().orElseThrow(), target, network);
        };
    }

    /** Draws candidates of a class, the same ones in every call. */
    private CompletionStage<ClassActor.Candidates> candidates(ClassClient target, int limit) {
        return target.ask(
                replyTo -> new ClassActor.FindCandidates(limit, seed(target.classIndex(), CANDIDATES), replyTo),
                scheduler);
    }

    private long seed(long... coordinates) {
        return Seeds.of(settings.seed(), Seeds.Purpose.INITIALISE, coordinates);
    }

    private int limit() {
        return Math.max(settings.representatives().candidates(), needed());
    }

    /** Number of images that fill all cells of the synthetic images of a class. */
    private int needed() {
        return settings.ipc() * settings.factor() * settings.factor();
    }

    private Chosen noise(ClassClient target, ClassActor.Candidates one, Normalisation distribution) {
        return new Chosen(NoiseImages.images(shape(one), distribution, needed(), seed(target.classIndex())), 0);
    }

    private static ImageShape shape(ClassActor.Candidates one) {
        return one.images().getFirst().shape();
    }

    /** The candidates that were forgotten most often; the first ones if nothing was recorded for the class. */
    private Chosen mostForgotten(ClassClient target, ClassActor.Candidates candidates) {
        ForgettingEvents events =
                Optional.ofNullable(forgetting.get(target.classIndex())).orElseGet(() -> noneForgotten(candidates));
        return new Chosen(
                events.mostForgotten(needed()).stream()
                        .map(candidates.images()::get)
                        .toList(),
                0);
    }

    /** Selects from all images of the class if the rule needs no features, otherwise from candidates. */
    private CompletionStage<Chosen> select(SelectionRule selection, ClassClient target, NetworkId network) {
        return candidates(target, selection.needsFeatures() ? limit() : Integer.MAX_VALUE)
                .thenCompose(candidates -> {
                    List<Image> images = candidates.images();
                    int count = Math.min(needed(), images.size());
                    return worker.select(new SelectTask(network, selection, images, count, seed(target.classIndex())))
                            .thenApply(answer -> chosen(target, answer, choice -> choice.indices().stream()
                                    .map(images::get)
                                    .toList()));
                });
    }

    private CompletionStage<Chosen> crops(ClassClient target, NetworkId network, ClassActor.Candidates candidates) {
        RandomCrops crops = RandomCrops.of(candidates.images(), settings.factor(), seed(target.classIndex()));
        return worker.classify(new ClassifyTask(network, crops.seen()))
                .thenApply(answer -> chosen(
                        target,
                        answer,
                        predictions -> crops.best(needed(), crop -> predictions.loss(crop, target.classIndex()))));
    }

    private static <T> Chosen chosen(
            ClassClient target, WorkerReply.Result<T> answer, Function<T, List<Image>> images) {
        WorkerReply.Completed<T> completed =
                answer.orThrow(reason -> "choosing the initial images of class '" + target.name() + "' failed ("
                        + reason + "); try again, with a smaller network width if memory ran out");
        return new Chosen(images.apply(completed.outcome()), completed.seconds());
    }
}
