package dev.reverie.actors.live;

import dev.reverie.actors.Request;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.classes.Member;
import dev.reverie.actors.classes.Presence;
import dev.reverie.actors.intake.ClassHandle;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.lifecycle.ClassView;
import dev.reverie.actors.lifecycle.DurableClass;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/** A class as the coordinator of a live distillation knows it. Not thread safe. */
final class Attendance {

    private final ActorRef<ClassMessage> owner;
    private final Member member;
    private final Presence presence = new Presence();
    private final LearningCurve curve;
    private ClassPhase phase;
    private long seen;
    private int reservoir;
    private boolean initialising;
    private int quota;

    Attendance(ClassHandle handle, LivePolicy policy) {
        this.owner = handle.owner();
        this.member =
                new Member(handle.label(), handle.name(), 0, handle.owner().narrow(), presence);
        this.curve = new LearningCurve(policy);
        this.phase = handle.phase();
        this.seen = handle.seen();
    }

    int label() {
        return member.label();
    }

    Member member() {
        return member;
    }

    ClassPhase phase() {
        return phase;
    }

    long seen() {
        return seen;
    }

    /** What its owner says of it; empty if that is gone. */
    CompletionStage<Optional<ClassView>> look(Scheduler scheduler) {
        return presence.whilePresent(Request.<ClassMessage, ClassView>ask(owner, DurableClass.View::new, scheduler))
                .thenApply(Optional::of)
                .exceptionally(gone -> Optional.empty());
    }

    void looked(ClassView view) {
        seen = view.seen();
        reservoir = view.reservoir();
        phase = view.phase();
    }

    void enter(ClassPhase next) {
        phase = next;
    }

    /** Whether it has enough images to be distilled, or is already. */
    boolean canBegin(LivePolicy policy) {
        return phase != ClassPhase.COLLECTING || reservoir >= policy.minImages();
    }

    /** Whether it waits for its first learned images and nobody has begun to choose them. */
    boolean waitsToBegin(LivePolicy policy) {
        return phase == ClassPhase.COLLECTING && !initialising && reservoir >= policy.minImages();
    }

    void initialising(boolean now) {
        initialising = now;
    }

    /** Whether it has its turn in this round. */
    boolean hasTurn(long round, LivePolicy policy) {
        return switch (phase) {
            case DISTILLING -> true;
            case CONVERGED -> Math.floorMod(round + label(), policy.visitEvery()) == 0;
            case COLLECTING, SEALED -> false;
        };
    }

    void matched(double loss) {
        curve.add(loss);
        owner.tell(new DurableClass.NoteLoss(loss));
    }

    /** At the end of an outer iteration: another phase, if the losses say so. */
    Optional<ClassPhase> endIteration() {
        return Optional.of(curve.endIteration(phase)).filter(next -> next != phase);
    }

    void wish(ClassPhase next, ActorRef<Done> ignored) {
        owner.tell(new DurableClass.EnterPhase(next, ignored));
    }

    /** It may store so many synthetic images; told once. */
    void mayStore(int images) {
        if (images != quota) {
            quota = images;
            owner.tell(new DurableClass.ChangeQuota(images));
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
