package dev.reverie.actors.run;

import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.expert.ExpertFolder;
import dev.reverie.actors.expert.ExpertStore;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.ExpertTraining;
import dev.reverie.gpu.select.SelectionRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The input for a run: settings, classes, checkpoint, experts and time limit.
 *
 * @param classes the classes with their real images, by class index
 * @param storage where the run saves its checkpoints; empty if it saves none
 * @param resumed checkpoint from which the run continues; empty for a new run
 * @param experts store of the expert trajectories, if the method uses experts
 * @param timeLimit time limit, after which the run ends as soon as the current inner loop is complete
 * @param evaluation evaluation of the set during the run; empty for none
 */
public record RunPlan(
        DistillationSettings settings,
        Normalisation normalisation,
        List<ClassImages> classes,
        Optional<Storage> storage,
        Optional<RunCheckpoint> resumed,
        Optional<ExpertStore> experts,
        Optional<Duration> timeLimit,
        Optional<SetEvaluation> evaluation) {

    public RunPlan {
        classes = List.copyOf(classes);
    }

    /** The checkpoint file of a run, and the fingerprint that a checkpoint must have for the run to resume from it. */
    public record Storage(CheckpointFile file, RunFingerprint fingerprint) {}

    /**
     * Plans a run over all training images of the dataset of a request.
     *
     * @throws IllegalArgumentException if the dataset has no class, or a class has too few images
     * @throws dev.reverie.actors.checkpoint.CheckpointException if the run is to resume and cannot continue from the
     *     checkpoint
     * @throws dev.reverie.gpu.dataset.DatasetException if an expert in the folder does not fit the run, or an expert
     *     with which the resumed run has learned is missing
     */
    public static RunPlan of(DistillationRequest request) {
        Dataset dataset = request.dataset();
        DistillationSettings settings = request.settings();
        List<List<Image>> byClass = dataset.trainByClass();
        List<ClassImages> own = IntStream.range(0, dataset.classes())
                .mapToObj(classIndex -> new ClassImages(dataset.classNames().get(classIndex), byClass.get(classIndex)))
                .toList();
        if (own.isEmpty()) {
            throw new IllegalArgumentException(
                    "the dataset " + dataset.name() + " has no classes; choose another --dataset");
        }
        own.forEach(images -> requireEnough(images, settings));
        Optional<Storage> storage = request.checkpoint()
                .map(path -> new Storage(new CheckpointFile(path), RunFingerprint.of(dataset, settings)));
        Optional<RunCheckpoint> resumed = storage.filter(_ -> request.resume())
                .map(stored -> stored.file().read(stored.fingerprint()));
        List<ClassImages> joined = resumed.map(RunCheckpoint::joined).orElse(List.of());
        return new RunPlan(
                settings,
                dataset.normalisation(),
                Stream.concat(own.stream(), joined.stream()).toList(),
                storage,
                resumed,
                settings.experts().map(training -> experts(request, training, resumed.map(RunCheckpoint::position))),
                request.timeLimit(),
                request.evaluation());
    }

    private static ExpertStore experts(
            DistillationRequest request, ExpertTraining training, Optional<LoopPosition> resumed) {
        if (request.experts().isEmpty()) {
            return new ExpertStore.InMemory();
        }
        DistillationSettings settings = request.settings();
        ExpertFolder folder = new ExpertFolder(
                request.experts().get(),
                RunFingerprint.ofExpert(request.dataset(), settings, training),
                settings.seed());
        int outerIterations = settings.schedule().outerIterations();
        folder.requireFitting(outerIterations);
        resumed.filter(position -> position.outer() < outerIterations)
                .ifPresent(position -> folder.requireTrained(position.outer() + (position.inner() > 0 ? 1 : 0)));
        return folder;
    }

    /** Warnings about classes that have fewer images than the settings require, one for each kind of shortage. */
    List<String> shortages(List<ClassClient> running) {
        int cells = settings.ipc() * settings.factor() * settings.factor();
        int wanted = settings.representatives().count();
        Optional<String> ofCells = shortage(
                running.stream().filter(one -> one.size() < cells).toList(),
                one -> counted(one.size(), "image") + " for " + counted(cells, "mosaic cell"),
                "Some images are used more than once; use a smaller --ipc or --factor to avoid this.");
        Optional<String> ofRepresentatives = shortage(
                running.stream()
                        .filter(one -> settings.composition().representatives().isPresent() && available(one) < wanted)
                        .toList(),
                one -> counted(available(one), "candidate") + " for " + counted(wanted, "representative"),
                "The run uses all candidates; nothing needs to be done.");
        return Stream.of(ofCells, ofRepresentatives).flatMap(Optional::stream).toList();
    }

    /** Number of images that can become representatives; random batches are drawn from the whole class. */
    private int available(ClassClient one) {
        boolean random = settings.composition().representatives().equals(Optional.of(SelectionRule.RANDOM));
        return random
                ? one.size()
                : Math.min(one.size(), settings.representatives().candidates());
    }

    private static Optional<String> shortage(
            List<ClassClient> affected, Function<ClassClient, String> shortage, String consequence) {
        return affected.stream().findFirst().map(first -> {
            int more = affected.size() - 1;
            String others =
                    switch (more) {
                        case 0 -> "";
                        case 1 -> ", and 1 other class also has too few";
                        default -> ", and " + more + " other classes also have too few";
                    };
            return "class '" + first.name() + "' has only " + shortage.apply(first) + others + ". " + consequence;
        });
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static void requireEnough(ClassImages images, DistillationSettings settings) {
        if (images.size() < settings.ipc()) {
            throw new IllegalArgumentException("class '" + images.name() + "' has " + counted(images.size(), "image")
                    + ", fewer than the " + settings.ipc() + " to learn per class; choose a smaller --ipc");
        }
    }
}
