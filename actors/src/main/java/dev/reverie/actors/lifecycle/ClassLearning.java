package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMemory;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.pekko.Done;

/**
 * Holds the synthetic images of a durable class, of which there is no other copy in memory: what is durable is in the
 * store only. They survive a store failure. Not thread safe; one {@link DurableClassActor} owns it.
 *
 * <p>A collecting class provides images composed of its real images, and composes them again on the next request after
 * the real images have changed. A sealed class provides its decoded synthetic images in place of real images.
 */
final class ClassLearning {

    private final ClassSetup setup;
    private final DistillationSettings settings;
    private final InstantSource clock;
    private ClassMemory memory;
    /** The images that the store has, while the class recovers or saves them. */
    private Optional<LearnedImages> stored = Optional.empty();

    /** What the class may store; no bytes before the first time that it is told. */
    private ClassCommand.ChangeQuota quota;

    /** Number of real images when the class last began, or measured whether it has room for more synthetic ones. */
    private int realBefore;

    private boolean distilled;
    private boolean unsaved;
    /** Whether the real images, and the images composed of them, must be read again before they are used. */
    private boolean reservoirChanged = true;

    private long innerLoops;
    private OptionalDouble loss = OptionalDouble.empty();
    private Instant updated = Instant.EPOCH;

    ClassLearning(ClassSetup setup, DistillationSettings settings, InstantSource clock) {
        this.setup = setup;
        this.settings = settings;
        this.clock = clock;
        this.memory = new ClassMemory(setup.classIndex(), List.of(), settings);
        this.quota = new ClassCommand.ChangeQuota(settings.ipc(), 0);
    }

    /** Notes what a snapshot or an event contains, of which the last one counts when the class has recovered. */
    void onStored(LearnedImages learned) {
        stored = Optional.of(learned);
    }

    /** Forgets what was noted, since the store has failed: the class recovers, or saves its images again. */
    void onFailure() {
        stored = Optional.empty();
    }

    /** Applies the recovered state, but keeps images learned since the last save. */
    void onRecovered(ClassState state) {
        stored.filter(_ -> !distilled || state.phase() == ClassPhase.SEALED).ifPresent(this::restore);
        onPhaseEntered(state);
    }

    private void restore(LearnedImages learned) {
        memory = ClassMemory.restored(
                new ClassSnapshot(
                        setup.classIndex(),
                        learned.images(),
                        learned.velocity(),
                        learned.average(),
                        List.of(),
                        Optional.empty(),
                        0),
                List.of(),
                settings);
        distilled = true;
        innerLoops = learned.innerLoops();
        loss = learned.matchingLoss();
        updated = learned.updated();
    }

    /** Applies the phase of the class. A sealed class drops its real images and unsaved changes. */
    void onPhaseEntered(ClassState state) {
        stored = Optional.empty();
        if (state.phase() == ClassPhase.SEALED) {
            distilled = true;
            unsaved = false;
            memory = memory.sealed();
        }
        onReservoirChanged(state);
    }

    /**
     * Notes that the real images have changed, and with them the images composed of them; the next request reads them.
     */
    void onReservoirChanged(ClassState state) {
        reservoirChanged = true;
        if (composes(state)) {
            updated = clock.instant();
        }
    }

    /** Notes that a real image was withdrawn, from which the class must not learn any more. */
    void onWithdrawn(ClassState state) {
        memory.dropRepresentatives();
        onReservoirChanged(state);
    }

    /** Reads the real images again if they have changed, and composes the images of a collecting class. */
    private void refresh(ClassState state) {
        if (!reservoirChanged) {
            return;
        }
        reservoirChanged = false;
        if (state.phase() != ClassPhase.SEALED) {
            memory.replaceReservoir(state.reservoir().images());
        }
        if (composes(state)) {
            memory.composeFromReservoir(composedImages());
        }
    }

    /** Whether the images of the class are composed of its real images. */
    private boolean composes(ClassState state) {
        return !distilled && state.reservoir().size() > 0;
    }

    /** Number of images that are composed while nobody knows how many fit. */
    private int composedImages() {
        return Math.min(quota.images(), ClassCommand.FEW_IMAGES);
    }

    /** Starts to distil the class from real images, of which it keeps as many as fit into its bytes. */
    LearnedImages initialise(List<Image> images, ClassState state) {
        refresh(state);
        memory.composeFrom(images);
        distilled = true;
        realBefore = state.reservoir().size();
        keep(quota.images());
        keepFitting();
        updated = clock.instant();
        return learned();
    }

    void execute(ClassActor.Command command, ClassState state) {
        refresh(state);
        if (state.phase() == ClassPhase.SEALED) {
            executeSealed(command);
            return;
        }
        if (command instanceof ClassActor.ApplyGradient(var visit, var gradient, var replyTo)
                && gradient.count() != memory.count()) { // the quota has changed since the batch was prepared
            memory.execute(new ClassActor.SkipVisit(visit, replyTo));
            return;
        }
        if (command instanceof ClassActor.PrepareBatch) {
            grow(state);
        }
        memory.execute(command);
        if (command instanceof ClassActor.ApplyGradient) {
            innerLoops++;
            updated = clock.instant();
            unsaved = true;
        }
    }

    /**
     * Adds images as long as the class has bytes for them and real images to compose them of, because a class can begin
     * with few. Measures the size of its images only when it has half as many real ones again, after a start, and when
     * it may store more. What it has learned stays.
     */
    void grow(ClassState state) {
        refresh(state);
        int real = state.reservoir().size();
        int composable = Math.min(quota.images(), real / settings.factor() / settings.factor());
        if (quota.bytes() == 0 || 2 * real < 3 * realBefore || composable <= memory.count()) {
            return;
        }
        realBefore = real;
        int grown = Math.min(composable, coding().room(memory.snapshot().average()));
        if (grown > memory.count()) {
            memory.grow(grown);
            unsaved = true;
        }
    }

    /**
     * Changes what the class may store. It drops images for their size only if it gets fewer bytes than before: as its
     * images change, they are coded to other sizes, but their number stays.
     */
    void changeQuota(ClassCommand.ChangeQuota next, ClassState state) {
        refresh(state);
        ClassCommand.ChangeQuota last = quota;
        quota = next;
        int countBefore = memory.count();
        if (next.images() > last.images() || next.bytes() > last.bytes()) {
            realBefore = 0;
        }
        if (distilled) {
            keep(next.images());
            if (next.bytes() < last.bytes()) {
                keepFitting();
            }
        }
        unsaved |= distilled && memory.count() != countBefore;
        onReservoirChanged(state);
    }

    private void keep(int most) {
        if (memory.count() > most) {
            memory.shrink(most);
        }
    }

    /** Drops the last images until the others fit into the bytes of the class. */
    private void keepFitting() {
        keep(coding().fitting(memory.snapshot().average()));
    }

    private Coding coding() {
        return quota.bytes() == 0 ? setup.coding() : setup.coding().within(quota.bytes());
    }

    /** Replies for a sealed class. A visit in progress ends as usual, but changes nothing. */
    private void executeSealed(ClassActor.Command command) {
        switch (command) {
            case ClassActor.PrepareBatch prepare -> {
                if (memory.count() > 0) {
                    memory.sealed().execute(prepare); // another one, because the step moves the images
                }
            }
            case ClassActor.Initialise(var images, var replyTo) -> replyTo.tell(Done.getInstance());
            case ClassActor.SetRepresentatives(var indices, var at, var replyTo) ->
                replyTo.tell(new ClassActor.RepresentativesSet(OptionalDouble.empty()));
            case ClassActor.SetRepresentativesIfNone(var indices, var replyTo) -> replyTo.tell(Done.getInstance());
            case ClassActor.ApplyGradient(var visit, var gradient, var replyTo) ->
                replyTo.tell(new ClassActor.VisitEnded(0));
            case ClassActor.SkipVisit(var visit, var replyTo) -> replyTo.tell(new ClassActor.VisitEnded(0));
            case ClassActor.Clamp() -> {}
            default -> memory.execute(command);
        }
    }

    /** Records the loss of the last class step. A sealed class keeps the loss that was stored with its images. */
    void recordLoss(double latest, ClassState state) {
        if (state.phase() != ClassPhase.SEALED) { // the loss of a visit that was pending at the seal arrives later
            loss = OptionalDouble.of(latest);
        }
    }

    boolean isUnsaved() {
        return unsaved;
    }

    void onSaved() {
        unsaved = false;
        stored = Optional.empty();
    }

    /** Size of the learned images in the store, in bytes; 0 for a class that has none. */
    long storedBytes() {
        return distilled ? StoredSizes.ofLearned(memory.values()) : 0;
    }

    /**
     * The images that a snapshot of the class contains; empty while clients get real images. They can be newer than the
     * last ones that were saved.
     */
    Optional<LearnedImages> toStore(ClassState state) {
        boolean isLearned = distilled || state.phase() == ClassPhase.SEALED;
        return isLearned && state.phase() != ClassPhase.COLLECTING && memory.count() > 0
                ? Optional.of(learned())
                : Optional.empty();
    }

    /** The images that clients get; empty for a class without any image. */
    Optional<LearnedImages> latest(ClassState state) {
        refresh(state);
        return distilled || state.reservoir().size() > 0 ? Optional.of(learned()) : Optional.empty();
    }

    /** The current synthetic images; the class must have some. */
    LearnedImages learned() {
        ClassSnapshot snapshot = memory.snapshot();
        return new LearnedImages(snapshot.images(), snapshot.velocity(), snapshot.average(), innerLoops, loss, updated);
    }

    /** The class with its learned images, which are not composed for this, because that takes long. */
    ClassInfo info(ClassState state, ClassInfo.Version version) {
        return new ClassInfo(
                setup.name(),
                setup.classIndex(),
                state.phase(),
                state.seen(),
                state.reservoir().size(),
                composes(state) ? composedImages() : memory.count(),
                innerLoops,
                loss,
                updated,
                state.sealRequested(),
                false,
                state.reservoir().capacity(),
                version);
    }
}
