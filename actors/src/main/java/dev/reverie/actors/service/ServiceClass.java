package dev.reverie.actors.service;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.classes.Liveness;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.lifecycle.ClassSummary;
import dev.reverie.actors.registry.ClassHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/** A class as the coordinator of a live distillation knows it. Not thread safe. */
final class ServiceClass {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int ROUNDS_AFTER_FAILURE = 50;

    private final ActorRef<ClassMessage> owner;
    private final ClassRef member;
    private final Liveness presence = new Liveness();
    private final LearningCurve curve;
    private ClassPhase phase;
    private long seen;
    private int reservoir;
    private int capacity;
    private boolean initialising;
    private boolean answers;
    private int pauses;
    private int quota;
    private int output;

    ServiceClass(ClassHandle handle, ServicePolicy policy) {
        this.owner = handle.actor();
        this.member =
                new ClassRef(handle.label(), handle.name(), 0, handle.actor().narrow(), presence);
        this.curve = new LearningCurve(policy);
        this.phase = handle.phase();
        this.seen = handle.seen();
    }

    int label() {
        return member.label();
    }

    /** Output of the network that stands for it. */
    int output() {
        return output;
    }

    void standAt(int next) {
        output = next;
    }

    ClassRef member() {
        return member;
    }

    ClassPhase phase() {
        return phase;
    }

    long seen() {
        return seen;
    }

    /** What its owner says of it; empty if that is gone, or busy with a store that does not answer. */
    CompletionStage<Optional<ClassSummary>> look(Scheduler scheduler) {
        return presence.whileAlive(
                        Asks.<ClassMessage, ClassSummary>ask(owner, ClassCommand.GetSummary::new, PATIENCE, scheduler))
                .thenApply(Optional::of)
                .exceptionally(gone -> Optional.empty());
    }

    void looked(ClassSummary view) {
        seen = view.seen();
        reservoir = view.reservoir();
        capacity = view.capacity();
        answers = true;
        pauses = Math.max(0, pauses - 1);
        if (view.images() > quota || (view.images() < quota && view.phase() != ClassPhase.SEALED)) {
            quota = 0;
        }
        if (view.phase() != ClassPhase.COLLECTING) {
            enter(view.phase());
        }
    }

    /** Whatever it says next is of another round. */
    void unheard() {
        answers = false;
    }

    boolean answers() {
        return answers;
    }

    /** It is in this stage now; there is no way back from the last one, nor to the first. */
    void enter(ClassPhase next) {
        phase = phase == ClassPhase.SEALED ? phase : next;
    }

    /** Whether it has enough images to be distilled, or is already. */
    boolean canBegin(ServicePolicy policy) {
        return answers && (phase != ClassPhase.COLLECTING || hasEnough(policy));
    }

    /** Whether it waits for its first learned images and nobody has begun to choose them. */
    boolean waitsToBegin(ServicePolicy policy) {
        return phase == ClassPhase.COLLECTING && answers && !initialising && pauses == 0 && hasEnough(policy);
    }

    /** A reservoir that has no room for that many is enough when it is full. */
    private boolean hasEnough(ServicePolicy policy) {
        return reservoir > 0 && reservoir >= Math.min(policy.minImages(), capacity);
    }

    /** Somebody chooses its first learned images. */
    void initialising() {
        initialising = true;
    }

    /** Its first learned images were chosen; if not, it has to wait before that is tried again. */
    void initialised(boolean done) {
        initialising = false;
        pauses = done ? 0 : ROUNDS_AFTER_FAILURE;
    }

    /** Whether it has its turn in this round. */
    boolean hasTurn(long round, ServicePolicy policy) {
        if (!answers) {
            return false;
        }
        return switch (phase) {
            case DISTILLING -> true;
            case CONVERGED -> Math.floorMod(round + label(), policy.visitEvery()) == 0;
            case COLLECTING, SEALED -> false;
        };
    }

    void matched(double loss) {
        curve.add(loss);
        owner.tell(new ClassCommand.RecordLoss(loss));
    }

    /** At the end of an outer iteration: another phase, if the losses say so. */
    Optional<ClassPhase> endIteration() {
        return Optional.of(curve.endIteration(phase)).filter(next -> next != phase);
    }

    void wish(ClassPhase next, ActorRef<Done> ignored) {
        owner.tell(new ClassCommand.EnterPhase(next, ignored));
    }

    /** It may store so many synthetic images; told again only where it stores others, and could do otherwise. */
    void mayStore(int images) {
        if (images != quota) {
            quota = images;
            owner.tell(new ClassCommand.ChangeQuota(images));
        }
    }

    void clamp() {
        if (phase == ClassPhase.DISTILLING || phase == ClassPhase.CONVERGED) {
            owner.tell(new ClassActor.Clamp());
        }
    }

    void leave() {
        presence.end();
    }
}
