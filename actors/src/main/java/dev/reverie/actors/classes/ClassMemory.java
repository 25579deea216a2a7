package dev.reverie.actors.classes;

import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.MatchTask;
import dev.reverie.gpu.method.MultiFormation;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.SyntheticImages;
import dev.reverie.gpu.select.Features;
import dev.reverie.gpu.select.KernelHerding;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.select.SelectionRule;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The state of one class and the rules by which a run changes it. Not thread safe: owned by one actor.
 *
 * <p>The real images may be exchanged at any time. Whoever was shown some speaks of them by their indices as they were
 * then; once chosen, representatives are kept as images.
 *
 * <p>The synthetic images of all classes are one parameter of one optimiser, which steps once per class and loop. Seen
 * from one class that is: coast while the classes before it have their turn, step, coast while the others have theirs
 * (coupled momentum).
 */
public final class ClassMemory {

    private final int label;
    private final DistillationSettings settings;
    private List<Image> reservoir;
    private List<Image> shown;
    private Optional<SyntheticImages> synthetic = Optional.empty();
    private List<Integer> representatives = List.of();
    private List<Image> representing = List.of();
    private Optional<LoopPosition> refreshedAt = Optional.empty();
    private long batchesDrawn;

    /**
     * A class that is still to be initialised.
     *
     * @param reservoir its real images; it must have some before anything else is asked of it
     */
    public ClassMemory(int label, List<Image> reservoir, DistillationSettings settings) {
        this.label = label;
        this.reservoir = List.copyOf(reservoir);
        this.shown = this.reservoir;
        this.settings = settings;
    }

    /** A class as it was when the snapshot was taken. */
    public static ClassMemory restored(ClassSnapshot snapshot, List<Image> reservoir, DistillationSettings settings) {
        ClassMemory memory = new ClassMemory(snapshot.label(), reservoir, settings);
        memory.synthetic = Optional.of(SyntheticImages.of(snapshot.images(), snapshot.velocity(), snapshot.average()));
        memory.represent(snapshot.representatives());
        memory.refreshedAt = snapshot.refreshedAt();
        memory.batchesDrawn = snapshot.batchesDrawn();
        return memory;
    }

    /** From now on the class has these real images; what was shown or chosen of the earlier ones stays valid. */
    public void exchange(List<Image> images) {
        reservoir = List.copyOf(images);
        shown = shown.isEmpty() ? reservoir : shown;
    }

    /**
     * Composes synthetic images, without momentum, out of the first real ones, from the front again where there are too
     * few.
     *
     * @param count of synthetic images
     */
    public void compose(int count) {
        synthetic = Optional.of(SyntheticImages.of(composed(reservoir, count)));
    }

    private ImageBatch composed(List<Image> images, int count) {
        MultiFormation formation =
                MultiFormation.of(settings.factor(), images.getFirst().shape());
        return formation.compose(IntStream.range(0, count * settings.factor() * settings.factor())
                .mapToObj(i -> images.get(i % images.size()))
                .toList());
    }

    /** Number of synthetic images; 0 before there are any. */
    public int count() {
        return synthetic.map(images -> images.images().count()).orElse(0);
    }

    /** Drops all synthetic images but the best ones, which keep their momentum. */
    public void shrink(int count) {
        SyntheticImages all = synthetic();
        List<Integer> kept =
                KernelHerding.of(cells(all.average()), settings.factor() * settings.factor(), count).stream()
                        .sorted()
                        .toList();
        synthetic = Optional.of(SyntheticImages.of(
                all.images().pick(kept),
                all.velocity().pick(kept),
                all.average().pick(kept)));
    }

    /** What the images decode to, image by image. */
    private Features cells(ImageBatch images) {
        MultiFormation formation = MultiFormation.of(settings.factor(), images.shape());
        ImageBatch decoded = formation.decode(images);
        List<Integer> byImage = IntStream.range(0, decoded.count())
                .map(i -> i % formation.cells() * images.count() + i / formation.cells())
                .boxed()
                .toList();
        return Features.of(images.shape().size(), decoded.pick(byImage).toArray());
    }

    /** Adds synthetic images, composed of random real ones and at rest, up to a number. */
    public void grow(int count) {
        SyntheticImages all = synthetic();
        int cells = (count - count()) * settings.factor() * settings.factor();
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.INITIALISE, label, count);
        ImageBatch added = composed(
                images(RandomSelection.of(reservoir.size(), Math.min(cells, reservoir.size()), draw)), count - count());
        ImageBatch rest = ImageBatch.of(
                added.shape(), new float[added.count() * added.shape().size()]);
        synthetic = Optional.of(SyntheticImages.of(
                ImageBatch.join(List.of(all.images(), added)),
                ImageBatch.join(List.of(all.velocity(), rest)),
                ImageBatch.join(List.of(all.average(), added))));
    }

    ClassActor.Candidates candidates(int limit, long draw) {
        shown = reservoir;
        List<Integer> indices = reservoir.size() <= limit
                ? IntStream.range(0, reservoir.size()).boxed().toList()
                : RandomSelection.of(reservoir.size(), limit, draw).stream()
                        .sorted()
                        .toList();
        return new ClassActor.Candidates(indices, images(indices));
    }

    /** Composes the synthetic images, without momentum, out of factor * factor times as many. */
    public void initialise(List<Image> images) {
        synthetic = Optional.of(
                SyntheticImages.of(composed(images, images.size() / (settings.factor() * settings.factor()))));
    }

    /**
     * Matches these from now on.
     *
     * @return share of them that were not among those before; empty if there were none before
     */
    OptionalDouble useRepresentatives(List<Integer> indices, LoopPosition position) {
        List<Image> before = representing;
        represent(indices);
        refreshedAt = Optional.of(position);
        return before.isEmpty() ? OptionalDouble.empty() : shareOfNew(before, representing);
    }

    /** By their levels: a store that has failed reads the same images anew. */
    private static OptionalDouble shareOfNew(List<Image> before, List<Image> after) {
        Set<ByteBuffer> known = before.stream().map(Image::levels).collect(Collectors.toSet());
        return after.stream()
                .mapToDouble(image -> known.contains(image.levels()) ? 0 : 1)
                .average();
    }

    void useIfNone(List<Integer> indices) {
        if (representatives.isEmpty()) {
            represent(indices);
        }
    }

    private void represent(List<Integer> indices) {
        representatives = List.copyOf(indices);
        representing = indices.stream().map(shown::get).toList();
    }

    /** Coasts through the turns before this one and gathers what the step needs. */
    MatchTask prepare(ClassVisit visit) {
        synthetic().coast(visit.turn(), learningRate(), momentum());
        long draw = Seeds.of(
                settings.seed(),
                Seeds.Purpose.MATCH,
                visit.position().outer(),
                visit.position().inner(),
                label);
        return new MatchTask(
                visit.network(), visit.turn(), realBatch(), synthetic().images(), draw);
    }

    /** Steps and ends the turn, see {@link #skip}. */
    double apply(ClassVisit visit, ImageBatch gradient) {
        synthetic().step(gradient, learningRate(), momentum());
        return skip(visit);
    }

    /** Ends the turn; returns the root mean square of what it changed in a pixel of the images handed out. */
    double skip(ClassVisit visit) {
        synthetic().coast(visit.turnsAfter(), learningRate(), momentum());
        return synthetic().average(settings.matching().averaging());
    }

    void clamp() {
        synthetic().clamp();
    }

    /** Real images; one that is no longer there, since the reservoir has shrunk, is replaced by another. */
    List<Image> images(List<Integer> indices) {
        return indices.stream().map(i -> reservoir.get(i % reservoir.size())).toList();
    }

    /** Images as a learner gets them from the memory; real ones as long as it is empty. */
    List<Image> decoded(List<Integer> indices) {
        if (synthetic.isEmpty()) {
            return images(indices);
        }
        ImageBatch stored = synthetic().average();
        List<Image> all = MultiFormation.of(settings.factor(), stored.shape())
                .decode(stored)
                .toImages();
        return indices.stream().map(i -> all.get(i % all.size())).toList();
    }

    /** Everything that a run changes, as it is now; there must be synthetic images. */
    public ClassSnapshot snapshot() {
        return new ClassSnapshot(
                label,
                synthetic().images(),
                synthetic().velocity(),
                synthetic().average(),
                representatives,
                refreshedAt,
                batchesDrawn);
    }

    /** A class that has no representatives yet makes do with random images; some methods need none. */
    private List<Image> realBatch() {
        if (settings.composition().representatives().isEmpty()) {
            return List.of();
        }
        if (!representing.isEmpty()
                && !settings.composition().representatives().equals(Optional.of(SelectionRule.RANDOM))) {
            return representing;
        }
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.REAL_BATCH, label);
        return images(RandomSelection.batch(
                reservoir.size(), settings.representatives().count(), batchesDrawn++, draw));
    }

    private SyntheticImages synthetic() {
        return synthetic.orElseThrow(
                () -> new IllegalStateException("class " + label + " has no synthetic images yet"));
    }

    /** Given for as many images as a class usually has; the gradient of each grows as they become fewer. */
    private double learningRate() {
        return settings.matching().learningRate() * count() / settings.ipc();
    }

    private double momentum() {
        return settings.matching().momentum();
    }
}
