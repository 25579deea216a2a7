package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMemory;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.telemetry.ClassPhase;
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

    private final int classIndex;
    private final String name;
    private final DistillationSettings settings;
    private final InstantSource clock;
    private ClassMemory memory;
    /** The images that the store has, while the class recovers or saves them. */
    private Optional<LearnedImages> stored = Optional.empty();

    private int quota;
    private boolean distilled;
    private boolean unsaved;
    /** Whether the real images, and the images composed of them, must be read again before they are used. */
    private boolean reservoirChanged = true;

    private long innerLoops;
    private OptionalDouble loss = OptionalDouble.empty();
    private Instant updated = Instant.EPOCH;

    ClassLearning(int classIndex, String name, DistillationSettings settings, InstantSource clock) {
        this.classIndex = classIndex;
        this.name = name;
        this.settings = settings;
        this.clock = clock;
        this.memory = new ClassMemory(classIndex, List.of(), settings);
        this.quota = settings.ipc();
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
                        classIndex,
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
            memory.composeFromReservoir(quota);
        }
    }

    /** Whether the images of the class are composed of its real images. */
    private boolean composes(ClassState state) {
        return !distilled && state.reservoir().size() > 0;
    }

    /** Starts to distil the class from real images. */
    LearnedImages initialise(List<Image> images, ClassState state) {
        refresh(state);
        memory.composeFrom(images);
        distilled = true;
        fitToQuota(state);
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
        memory.execute(command);
        if (command instanceof ClassActor.ApplyGradient) {
            innerLoops++;
            updated = clock.instant();
            unsaved = true;
        }
    }

    /** Changes the number of synthetic images that the class stores. */
    void changeQuota(int images, ClassState state) {
        refresh(state);
        quota = images;
        int countBefore = memory.count();
        if (distilled) {
            fitToQuota(state);
        }
        unsaved |= distilled && memory.count() != countBefore;
        onReservoirChanged(state);
    }

    private void fitToQuota(ClassState state) {
        if (memory.count() > quota) {
            memory.shrink(quota);
        } else if (memory.count() < quota && canGrow(state)) {
            memory.grow(quota);
        }
    }

    private static boolean canGrow(ClassState state) {
        return state.phase() != ClassPhase.SEALED && state.reservoir().size() > 0;
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
                name,
                classIndex,
                state.phase(),
                state.seen(),
                state.reservoir().size(),
                composes(state) ? quota : memory.count(),
                innerLoops,
                loss,
                updated,
                state.sealRequested(),
                false,
                state.reservoir().capacity(),
                version);
    }
}
