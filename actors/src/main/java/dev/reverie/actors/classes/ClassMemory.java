package dev.reverie.actors.classes;

import dev.reverie.actors.schedule.Position;
import dev.reverie.actors.schedule.Visit;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Draws;
import dev.reverie.gpu.method.MatchTask;
import dev.reverie.gpu.method.MultiFormation;
import dev.reverie.gpu.method.SyntheticImages;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.select.Selection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The state of one class and the rules by which a run changes it. Not thread safe: owned by one {@link ClassActor}.
 *
 * <p>The synthetic images of all classes are one parameter of one optimiser, which steps once per class and loop. Seen
 * from one class that is: coast while the classes before it have their turn, step, coast while the others have theirs
 * (coupled momentum).
 */
public final class ClassMemory {

    private final int label;
    private final List<Image> reservoir;
    private final DistillationSettings settings;
    private Optional<SyntheticImages> synthetic = Optional.empty();
    private List<Integer> representatives = List.of();
    private Optional<Position> refreshedAt = Optional.empty();
    private long batchesDrawn;

    /**
     * A class that is still to be initialised.
     *
     * @param reservoir its real images, not empty
     */
    public ClassMemory(int label, List<Image> reservoir, DistillationSettings settings) {
        this.label = label;
        this.reservoir = List.copyOf(reservoir);
        this.settings = settings;
    }

    /** A class as it was when the snapshot was taken. */
    public static ClassMemory restored(ClassSnapshot snapshot, List<Image> reservoir, DistillationSettings settings) {
        ClassMemory memory = new ClassMemory(snapshot.label(), reservoir, settings);
        memory.synthetic = Optional.of(SyntheticImages.of(snapshot.images(), snapshot.velocity(), snapshot.average()));
        memory.representatives = snapshot.representatives();
        memory.refreshedAt = snapshot.refreshedAt();
        memory.batchesDrawn = snapshot.batchesDrawn();
        return memory;
    }

    ClassActor.Candidates candidates(int limit, long draw) {
        List<Integer> indices = reservoir.size() <= limit
                ? IntStream.range(0, reservoir.size()).boxed().toList()
                : RandomSelection.of(reservoir.size(), limit, draw).stream()
                        .sorted()
                        .toList();
        return new ClassActor.Candidates(indices, images(indices));
    }

    void initialise(List<Integer> chosen) {
        MultiFormation formation =
                MultiFormation.of(settings.factor(), reservoir.getFirst().shape());
        synthetic = Optional.of(SyntheticImages.of(formation.compose(images(chosen))));
    }

    void useRepresentatives(List<Integer> indices, Position position) {
        representatives = List.copyOf(indices);
        refreshedAt = Optional.of(position);
    }

    void useIfNone(List<Integer> indices) {
        if (representatives.isEmpty()) {
            representatives = List.copyOf(indices);
        }
    }

    /** Coasts through the turns before this one and gathers what the step needs. */
    MatchTask prepare(Visit visit) {
        synthetic().coast(visit.turn(), learningRate(), momentum());
        long draw = Draws.of(
                settings.seed(),
                Draws.Purpose.MATCH,
                visit.position().outer(),
                visit.position().inner(),
                label);
        return new MatchTask(
                visit.network(), label, images(realBatch()), synthetic().images(), draw);
    }

    void apply(Visit visit, ImageBatch gradient) {
        synthetic().step(gradient, learningRate(), momentum());
        skip(visit);
    }

    void skip(Visit visit) {
        synthetic().coast(visit.turnsAfter(), learningRate(), momentum());
        synthetic().average(settings.matching().averaging());
    }

    void clamp() {
        synthetic().clamp();
    }

    List<Image> images(List<Integer> indices) {
        return indices.stream().map(reservoir::get).toList();
    }

    ClassSnapshot snapshot() {
        return new ClassSnapshot(
                label,
                synthetic().images(),
                synthetic().velocity(),
                synthetic().average(),
                representatives,
                refreshedAt,
                batchesDrawn);
    }

    private List<Integer> realBatch() {
        if (!settings.method().representatives().equals(Optional.of(Selection.RANDOM))) {
            return representatives;
        }
        long draw = Draws.of(settings.seed(), Draws.Purpose.REAL_BATCH, label);
        return RandomSelection.batch(
                reservoir.size(), settings.representatives().count(), batchesDrawn++, draw);
    }

    private SyntheticImages synthetic() {
        return synthetic.orElseThrow(
                () -> new IllegalStateException("class " + label + " has no synthetic images yet"));
    }

    private double learningRate() {
        return settings.matching().learningRate();
    }

    private double momentum() {
        return settings.matching().momentum();
    }
}
