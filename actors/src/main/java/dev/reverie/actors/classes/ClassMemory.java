package dev.reverie.actors.classes;

import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.gpu.select.StratifiedSelection;
import dev.reverie.gpu.synthetic.KeptImages;
import dev.reverie.gpu.synthetic.MultiFormation;
import dev.reverie.gpu.synthetic.SyntheticImages;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.Done;

/**
 * The state of one class, and the operations that a distillation performs on it. Not thread safe; one actor owns it.
 *
 * <p>The real images may be replaced at any time. The representatives are held both as images and as indices into the
 * reservoir from which the candidates were drawn.
 *
 * <p>The synthetic images of all classes form one parameter of one optimiser. By default, it takes one step per class
 * in each inner loop: the images of a class move by momentum alone during the steps of other classes, and take a
 * gradient step in the step of their own class (coupled momentum). With a joint step, it takes one step per inner loop,
 * in which the images of every class take their gradient step.
 */
public final class ClassMemory {

    private final int classIndex;
    private final DistillationSettings settings;
    private List<Image> reservoir;
    private List<Image> candidateSource;
    private Optional<SyntheticImages> synthetic = Optional.empty();
    private List<Integer> representatives = List.of();
    private List<Image> representativeImages = List.of();
    private Optional<LoopPosition> refreshedAt = Optional.empty();
    private long batchesDrawn;

    /**
     * Creates a class without synthetic images.
     *
     * @param reservoir real images of the class; may be empty as long as no method is called that reads real images
     */
    public ClassMemory(int classIndex, List<Image> reservoir, DistillationSettings settings) {
        this.classIndex = classIndex;
        this.reservoir = List.copyOf(reservoir);
        this.candidateSource = this.reservoir;
        this.settings = settings;
    }

    public static ClassMemory restored(ClassSnapshot snapshot, List<Image> reservoir, DistillationSettings settings) {
        ClassMemory memory = new ClassMemory(snapshot.classIndex(), reservoir, settings);
        memory.synthetic = Optional.of(SyntheticImages.of(snapshot.images(), snapshot.velocity(), snapshot.average()));
        memory.represent(snapshot.representatives());
        memory.refreshedAt = snapshot.refreshedAt();
        memory.batchesDrawn = snapshot.batchesDrawn();
        return memory;
    }

    /**
     * Returns a memory that keeps nothing but the average: it takes the place of the synthetic images, which have no
     * momentum, and its decoded images that of the real ones.
     */
    public ClassMemory sealed() {
        ClassMemory sealed = new ClassMemory(classIndex, List.of(), settings);
        synthetic.map(SyntheticImages::average).ifPresent(average -> {
            sealed.synthetic = Optional.of(SyntheticImages.of(average));
            sealed.reservoir = new DecodedImages(
                    MultiFormation.of(settings.factor(), average.shape()).decodeOnDemand(average));
            sealed.candidateSource = sealed.reservoir;
        });
        return sealed;
    }

    public void execute(ClassActor.Command command) {
        switch (command) {
            case ClassActor.FindCandidates(var limit, var seed, var replyTo) -> replyTo.tell(candidates(limit, seed));
            case ClassActor.Initialise(var images, var replyTo) -> {
                composeFrom(images);
                replyTo.tell(Done.getInstance());
            }
            case ClassActor.SetRepresentatives(var indices, var refreshedAt, var replyTo) ->
                replyTo.tell(new ClassActor.RepresentativesSet(setRepresentatives(indices, refreshedAt)));
            case ClassActor.SetRepresentativesIfNone(var indices, var replyTo) -> {
                if (representatives.isEmpty()) {
                    represent(indices);
                }
                replyTo.tell(Done.getInstance());
            }
            case ClassActor.PrepareBatch(var visit, var replyTo) ->
                replyTo.tell(new ClassActor.Batch(visit, prepare(visit)));
            case ClassActor.ApplyGradient(var visit, var gradient, var replyTo) ->
                replyTo.tell(new ClassActor.VisitEnded(apply(visit, gradient)));
            case ClassActor.SkipVisit(var visit, var replyTo) ->
                replyTo.tell(new ClassActor.VisitEnded(endVisit(visit)));
            case ClassActor.Clamp() -> synthetic().clamp();
            case ClassActor.ReadImages(var indices, var replyTo) ->
                replyTo.tell(new ClassActor.Images(images(indices)));
            case ClassActor.SampleImages(var limit, var seed, var replyTo) ->
                replyTo.tell(new ClassActor.Images(images(drawn(limit, seed))));
            case ClassActor.ReadMemory(var indices, var replyTo) ->
                replyTo.tell(new ClassActor.Images(decoded(indices)));
            case ClassActor.TakeSnapshot(var replyTo) -> replyTo.tell(snapshot());
            case ClassActor.ReadAverage(var replyTo) ->
                replyTo.tell(new ClassActor.Average(classIndex, synthetic().average()));
        }
    }

    /** Replaces the real images. The last candidates, and the representatives chosen from them, stay valid. */
    public void replaceReservoir(List<Image> images) {
        reservoir = List.copyOf(images);
        candidateSource = candidateSource.isEmpty() ? reservoir : candidateSource;
    }

    /**
     * Drops the candidates and the representatives, which may contain an image that the class no longer has. The real
     * images must be replaced before the next command.
     */
    public void dropRepresentatives() {
        candidateSource = List.of();
        representatives = List.of();
        representativeImages = List.of();
    }

    /**
     * Composes the synthetic images, without momentum, from the first real images. If there are too few real images,
     * they are reused.
     *
     * @param count number of synthetic images
     * @throws java.util.NoSuchElementException if the class has no real images
     */
    public void composeFromReservoir(int count) {
        synthetic = Optional.of(SyntheticImages.of(composed(reservoir, count)));
    }

    /** Composes the synthetic images, without momentum; each consists of factor * factor of the given images. */
    public void composeFrom(List<Image> images) {
        synthetic = Optional.of(
                SyntheticImages.of(composed(images, images.size() / (settings.factor() * settings.factor()))));
    }

    private ImageBatch composed(List<Image> images, int count) {
        MultiFormation formation =
                MultiFormation.of(settings.factor(), images.getFirst().shape());
        return formation.compose(IntStream.range(0, count * settings.factor() * settings.factor())
                .mapToObj(i -> images.get(i % images.size()))
                .toList());
    }

    /** Number of values of the synthetic images. */
    public long values() {
        return synthetic.map(SyntheticImages::values).orElse(0L);
    }

    /** Number of synthetic images; 0 before the first are composed. */
    public int count() {
        return synthetic.map(SyntheticImages::count).orElse(0);
    }

    /**
     * Keeps the best {@code count} synthetic images, selected by kernel herding, and their momentum, and drops the
     * others.
     */
    public void shrink(int count) {
        SyntheticImages all = synthetic();
        synthetic = Optional.of(all.pick(KeptImages.of(all.average(), settings.factor(), count)));
    }

    /**
     * Adds synthetic images until there are {@code count}. The new ones are composed of random real images and have no
     * momentum.
     */
    public void grow(int count) {
        int missing = count - count();
        int cells = missing * settings.factor() * settings.factor();
        long seed = Seeds.of(settings.seed(), Seeds.Purpose.INITIALISE, classIndex, count);
        ImageBatch added = composed(
                images(RandomSelection.of(reservoir.size(), Math.min(cells, reservoir.size()), seed)), missing);
        synthetic = Optional.of(synthetic().with(added));
    }

    /** Real images to choose from. Their indices stay valid until the next call. */
    ClassActor.Candidates candidates(int limit, long seed) {
        candidateSource = reservoir;
        List<Integer> indices = drawn(limit, seed);
        return new ClassActor.Candidates(indices, images(indices));
    }

    private List<Integer> drawn(int limit, long seed) {
        return reservoir.size() <= limit
                ? IntStream.range(0, reservoir.size()).boxed().toList()
                : RandomSelection.of(reservoir.size(), limit, seed).stream()
                        .sorted()
                        .toList();
    }

    /**
     * Sets the representatives.
     *
     * @return share of the representatives that are new; empty if no earlier refresh is known, or if there are no
     *     indices
     */
    OptionalDouble setRepresentatives(List<Integer> indices, LoopPosition position) {
        List<Image> before = representativeImages;
        boolean first = refreshedAt.isEmpty();
        represent(indices);
        refreshedAt = Optional.of(position);
        return first ? OptionalDouble.empty() : shareOfNew(before, representativeImages);
    }

    /** Compares pixels, because after a store failure the same images are different objects. */
    private static OptionalDouble shareOfNew(List<Image> before, List<Image> after) {
        Set<ByteBuffer> levelsBefore = before.stream().map(Image::levels).collect(Collectors.toSet());
        return after.stream()
                .mapToDouble(image -> levelsBefore.contains(image.levels()) ? 0 : 1)
                .average();
    }

    /** Takes the indices modulo the number of candidates, which is smaller if the actor has restarted since. */
    private void represent(List<Integer> indices) {
        representatives = indices.stream().map(i -> i % candidateSource.size()).toList();
        representativeImages =
                representatives.stream().map(candidateSource::get).toList();
    }

    /** Coasts through the steps before that of this class and returns the input of this class's step. */
    MatchTask prepare(ClassVisit visit) {
        if (settings.schedule().clampEveryLoop()) {
            synthetic().clamp();
        }
        coast(visit.output());
        long seed = Seeds.of(
                settings.seed(),
                Seeds.Purpose.MATCH,
                visit.position().outer(),
                visit.position().inner(),
                classIndex);
        return new MatchTask(
                visit.network(), visit.output(), realBatch(), synthetic().images(), seed);
    }

    /** Steps against the gradient and ends the visit as {@link #endVisit} does. */
    double apply(ClassVisit visit, ImageBatch gradient) {
        synthetic().step(gradient, learningRate(), momentum());
        return endVisit(visit);
    }

    /** Ends the visit and returns the root mean square change per pixel of the images that clients get. */
    double endVisit(ClassVisit visit) {
        coast(visit.outputsAfter());
        return synthetic().updateAverage(settings.matching().averaging());
    }

    /** Moves the images by momentum alone during the steps of other classes, unless all classes step jointly. */
    private void coast(int steps) {
        if (!settings.schedule().jointStep()) {
            synthetic().coast(steps, learningRate(), momentum());
        }
    }

    /** Real images by index, modulo the size of the reservoir, which may have shrunk; none if it is empty. */
    List<Image> images(List<Integer> indices) {
        return reservoir.isEmpty()
                ? List.of()
                : indices.stream().map(i -> reservoir.get(i % reservoir.size())).toList();
    }

    /** Decoded synthetic images by index, modulo their number; real images before the first synthetic images exist. */
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

    /** Takes a snapshot of everything that a distillation changes; the class must have synthetic images. */
    public ClassSnapshot snapshot() {
        return new ClassSnapshot(
                classIndex,
                synthetic().images(),
                synthetic().velocity(),
                synthetic().average(),
                representatives,
                refreshedAt,
                batchesDrawn);
    }

    /**
     * The representatives, a batch of one of each of their strata, or random images before the first refresh and for
     * methods that match random batches; empty for methods that match no real batch.
     */
    private List<Image> realBatch() {
        return settings.composition().representatives().map(this::realBatch).orElse(List.of());
    }

    private List<Image> realBatch(SelectionRule rule) {
        if (rule == SelectionRule.RANDOM || representativeImages.isEmpty()) {
            return images(RandomSelection.batch(reservoir.size(), batchSize(), batchesDrawn++, batchSeed()));
        }
        if (rule == SelectionRule.STRATIFIED) {
            return StratifiedSelection.batch(representativeImages.size(), stratifiedSize(), batchesDrawn++, batchSeed())
                    .stream()
                    .map(representativeImages::get)
                    .toList();
        }
        return representativeImages;
    }

    /** As many images as the step decodes, whose mean would otherwise be drawn to the choice of the real ones. */
    private int stratifiedSize() {
        return Math.max(batchSize(), settings.decoded(count()));
    }

    private int batchSize() {
        return settings.representatives().count();
    }

    private long batchSeed() {
        return Seeds.of(settings.seed(), Seeds.Purpose.REAL_BATCH, classIndex);
    }

    private SyntheticImages synthetic() {
        return synthetic.orElseThrow(
                () -> new IllegalStateException("class " + classIndex + " has no synthetic images yet"));
    }

    /** The configured rate applies to ipc images. If the class has fewer images, the gradient of each is larger. */
    private double learningRate() {
        return settings.matching().learningRate() * count() / settings.ipc();
    }

    private double momentum() {
        return settings.matching().momentum();
    }
}
