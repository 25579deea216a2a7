package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMemory;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.MultiFormation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.pekko.Done;

/**
 * What of a durable class is in memory: its synthetic images between two savings. Survives a failure of the store. Not
 * thread safe: owned by one {@link DurableClassActor}.
 *
 * <p>A class that is still collecting hands out images composed of its real ones, composed anew when those have changed
 * and somebody looks. A sealed one hands out its synthetic images, decoded, wherever real ones are asked for.
 */
final class ClassLearning {

    private final int label;
    private final DistillationSettings settings;
    private final InstantSource clock;
    private ClassMemory memory;
    private int quota;
    private boolean begun;
    private boolean unsaved;
    private boolean behind = true;
    private long innerLoops;
    private OptionalDouble loss = OptionalDouble.empty();
    private Instant updated = Instant.EPOCH;

    ClassLearning(int label, DistillationSettings settings, InstantSource clock) {
        this.label = label;
        this.settings = settings;
        this.clock = clock;
        this.memory = new ClassMemory(label, List.of(), settings);
        this.quota = settings.ipc();
    }

    /** The store has told what there is; what was learned since is kept. */
    void recovered(ClassState state) {
        if (!begun && state.learned().isPresent()) {
            LearnedImages stored = state.learned().get();
            memory = restored(stored, List.of());
            begun = true;
            innerLoops = stored.innerLoops();
            loss = stored.matchingLoss();
            updated = stored.updated();
        }
        entered(state);
    }

    void entered(ClassState state) {
        boolean isSealed = state.phase() == ClassPhase.SEALED;
        begun |= isSealed;
        unsaved &= !isSealed;
        if (isSealed) {
            state.learned().ifPresent(learned -> memory = restored(learned, replayed(learned)));
        }
        changed();
    }

    /** A memory of nothing else, so that nothing keeps real images that are gone. */
    private ClassMemory restored(LearnedImages learned, List<Image> reservoir) {
        return ClassMemory.restored(
                new ClassSnapshot(
                        label, learned.images(), learned.velocity(), learned.average(), List.of(), Optional.empty(), 0),
                reservoir,
                settings);
    }

    /** The real images are others now; looked at only when somebody asks. */
    void changed() {
        behind = true;
    }

    private void catchUp(ClassState state) {
        if (!behind) {
            return;
        }
        behind = false;
        memory.exchange(
                state.phase() == ClassPhase.SEALED
                        ? state.learned().map(this::replayed).orElse(List.of())
                        : state.reservoir().images());
        if (!begun && state.reservoir().size() > 0) {
            memory.compose(quota);
            updated = clock.instant();
        }
    }

    /** What is handed out as real images: what trains the network in place of the dropped images. */
    private List<Image> replayed(LearnedImages learned) {
        return MultiFormation.of(settings.factor(), learned.images().shape())
                .decode(learned.average())
                .toImages();
    }

    /** The class is distilled from now on, starting from real images by their indices among those shown last. */
    LearnedImages begin(List<Image> images, ClassState state) {
        catchUp(state);
        memory.initialise(images);
        begun = true;
        fit(state);
        updated = clock.instant();
        return now();
    }

    void answer(ClassActor.Command command, ClassState state) {
        catchUp(state);
        if (state.phase() == ClassPhase.SEALED) {
            answerSealed(command, state);
            return;
        }
        if (command instanceof ClassActor.ApplyGradient(var visit, var gradient, var replyTo)
                && gradient.count() != memory.count()) {
            ClassActor.answer(new ClassActor.Skip(visit, replyTo), memory);
            return;
        }
        ClassActor.answer(command, memory);
        if (command instanceof ClassActor.ApplyGradient) {
            innerLoops++;
            updated = clock.instant();
            unsaved = true;
        }
    }

    /** The class may store so many synthetic images from now on. */
    void resize(int images, ClassState state) {
        catchUp(state);
        quota = images;
        int before = memory.count();
        if (begun) {
            fit(state);
        }
        unsaved |= begun && memory.count() != before;
        behind = true;
    }

    private void fit(ClassState state) {
        if (memory.count() > quota) {
            memory.shrink(quota);
        } else if (memory.count() < quota && canGrow(state)) {
            memory.grow(quota);
        }
    }

    private static boolean canGrow(ClassState state) {
        return state.phase() != ClassPhase.SEALED && state.reservoir().size() > 0;
    }

    /** A turn that was on its way when the class was sealed ends as it should, but changes nothing any more. */
    private void answerSealed(ClassActor.Command command, ClassState state) {
        switch (command) {
            case ClassActor.PrepareBatch prepare ->
                state.learned().ifPresent(learned -> ClassActor.answer(prepare, restored(learned, replayed(learned))));
            case ClassActor.Initialise(var images, var replyTo) -> replyTo.tell(Done.getInstance());
            case ClassActor.UseRepresentatives(var indices, var at, var replyTo) ->
                replyTo.tell(new ClassActor.Represented(OptionalDouble.empty()));
            case ClassActor.UseIfNone(var indices, var replyTo) -> replyTo.tell(Done.getInstance());
            case ClassActor.ApplyGradient(var visit, var gradient, var replyTo) ->
                replyTo.tell(new ClassActor.TurnEnded(0));
            case ClassActor.Skip(var visit, var replyTo) -> replyTo.tell(new ClassActor.TurnEnded(0));
            case ClassActor.Clamp() -> {}
            default -> ClassActor.answer(command, memory);
        }
    }

    void noteLoss(double latest) {
        loss = OptionalDouble.of(latest);
    }

    boolean isUnsaved() {
        return unsaved;
    }

    void saved(ClassState state) {
        unsaved = false;
    }

    /** What there is to hand out; empty for a class without any image. */
    Optional<LearnedImages> latest(ClassState state) {
        catchUp(state);
        return begun || state.reservoir().size() > 0 ? Optional.of(now()) : Optional.empty();
    }

    /** What is learned now; there must be synthetic images. */
    LearnedImages now() {
        ClassSnapshot snapshot = memory.snapshot();
        return new LearnedImages(snapshot.images(), snapshot.velocity(), snapshot.average(), innerLoops, loss, updated);
    }

    ClassView view(ClassState state) {
        catchUp(state);
        boolean any = begun || state.reservoir().size() > 0;
        return new ClassView(
                label,
                state.phase(),
                state.seen(),
                state.reservoir().size(),
                state.reservoir().capacity(),
                any ? memory.count() : 0,
                innerLoops,
                loss,
                updated);
    }
}
