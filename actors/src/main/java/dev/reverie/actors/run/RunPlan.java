package dev.reverie.actors.run;

import dev.reverie.actors.checkpoint.Checkpoint;
import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.expert.ExpertFolder;
import dev.reverie.actors.expert.ExpertMemory;
import dev.reverie.actors.expert.ExpertStore;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.Trajectory;
import dev.reverie.gpu.select.SelectionRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Everything a run is started with.
 *
 * @param fromDataset how many of the classes are the dataset's; the others joined before a resume
 * @param classes by class index
 * @param experts where experts are kept, if the method follows any
 * @param timeLimit ends the run after the inner loop in which it has passed
 */
public record RunPlan(
        DistillationSettings settings,
        Normalisation normalisation,
        int fromDataset,
        List<ClassImages> classes,
        Optional<Storage> storage,
        Optional<Checkpoint> resumed,
        Optional<ExpertStore> experts,
        Optional<Duration> timeLimit) {

    public RunPlan {
        classes = List.copyOf(classes);
    }

    /** Where the state of the run is kept, and what it says the run is. */
    public record Storage(CheckpointFile file, RunFingerprint configuration) {}

    /**
     * A run over all training images of a dataset.
     *
     * @param experts folder of experts; without one, those that the method follows are forgotten with the run
     * @throws IllegalArgumentException if there is no class, or a class has too few images
     * @throws dev.reverie.actors.checkpoint.CheckpointException if {@code resume} and the file can't be continued
     * @throws dev.reverie.gpu.dataset.DatasetException if an expert there does not fit
     */
    public static RunPlan of(
            Dataset dataset,
            DistillationSettings settings,
            Optional<CheckpointFile> file,
            boolean resume,
            Optional<Path> experts,
            Optional<Duration> timeLimit) {
        List<List<Image>> byClass = dataset.trainByClass();
        List<ClassImages> own = IntStream.range(0, dataset.classes())
                .mapToObj(label -> new ClassImages(dataset.classNames().get(label), byClass.get(label)))
                .toList();
        if (own.isEmpty()) {
            throw new IllegalArgumentException("the dataset " + dataset.name() + " has no classes");
        }
        own.forEach(images -> requireEnough(images, settings));
        Optional<Storage> storage = file.map(path -> new Storage(path, RunFingerprint.of(dataset, settings)));
        Optional<Checkpoint> resumed =
                storage.filter(kept -> resume).map(kept -> kept.file().read(kept.configuration()));
        List<ClassImages> joined = resumed.map(Checkpoint::joined).orElse(List.of());
        return new RunPlan(
                settings,
                dataset.normalisation(),
                own.size(),
                Stream.concat(own.stream(), joined.stream()).toList(),
                storage,
                resumed,
                settings.trajectory().map(trajectory -> experts(dataset, settings, trajectory, experts)),
                timeLimit);
    }

    private static ExpertStore experts(
            Dataset dataset, DistillationSettings settings, Trajectory trajectory, Optional<Path> path) {
        if (path.isEmpty()) {
            return new ExpertMemory();
        }
        ExpertFolder folder =
                new ExpertFolder(path.get(), RunFingerprint.ofExpert(dataset, settings, trajectory), settings.seed());
        folder.requireFitting(settings.schedule().outerIterations());
        return folder;
    }

    /**
     * Checks that a new class can take part.
     *
     * @throws IllegalArgumentException if its images are too few or of another shape, or experts do not know it
     */
    void requireFitting(ClassImages images) {
        if (experts.isPresent()) {
            throw new IllegalArgumentException("class '" + images.name()
                    + "' can't join: experts know the classes they were trained on, so begin a new run with all");
        }
        requireEnough(images, settings);
        ImageShape shape = classes.getFirst().reservoir().getFirst().shape();
        if (images.reservoir().stream().anyMatch(image -> !image.shape().equals(shape))) {
            throw new IllegalArgumentException(
                    "class '" + images.name() + "' has images of another shape than " + shape + ": resize them");
        }
    }

    /** Where classes have fewer images than the settings ask for and are used as they are: one sentence for all. */
    List<String> shortages(List<ClassRef> members) {
        int cells = settings.ipc() * settings.factor() * settings.factor();
        int wanted = settings.representatives().count();
        Optional<String> ofCells = shortage(
                members.stream().filter(member -> member.size() < cells).toList(),
                member -> member.size() + " images to fill " + cells + " cells",
                "some are used twice");
        Optional<String> ofRepresentatives = shortage(
                members.stream()
                        .filter(member ->
                                settings.composition().representatives().isPresent() && available(member) < wanted)
                        .toList(),
                member -> available(member) + " candidates for " + wanted + " representatives",
                "all of them are used");
        return Stream.of(ofCells, ofRepresentatives).flatMap(Optional::stream).toList();
    }

    /** Random batches are drawn from the whole class. */
    private int available(ClassRef member) {
        boolean random = settings.composition().representatives().equals(Optional.of(SelectionRule.RANDOM));
        return random
                ? member.size()
                : Math.min(member.size(), settings.representatives().candidates());
    }

    private static Optional<String> shortage(List<ClassRef> concerned, Function<ClassRef, String> has, String then) {
        return concerned.stream().findFirst().map(first -> {
            String others =
                    concerned.size() == 1 ? "" : ", and " + (concerned.size() - 1) + " more have too few as well";
            return "class '" + first.name() + "' has " + has.apply(first) + others + ": " + then;
        });
    }

    private static void requireEnough(ClassImages images, DistillationSettings settings) {
        if (images.size() < settings.ipc()) {
            throw new IllegalArgumentException("class '" + images.name() + "' has " + images.size()
                    + " images, fewer than the " + settings.ipc() + " to be stored: choose a smaller ipc");
        }
    }
}
