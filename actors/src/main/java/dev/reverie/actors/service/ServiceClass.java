package dev.reverie.actors.service;

import dev.reverie.actors.CoalescedRequest;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.classes.PendingAsks;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassCommand.ChangeQuota;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/** One class of a service, with the state from the last reply of its actor. Belongs to the coordinator. */
final class ServiceClass {

    /** Number of updates between a failed initialisation and the next attempt. */
    private static final int UPDATES_BEFORE_RETRY = 50;

    /** Maximum number of updates between two visits that fail. */
    private static final int MAX_UPDATES_OF_PAUSE = 1000;

    /** Maximum time between two visits that fail, since updates can be a minute apart. */
    private static final Duration MAX_TIME_OF_PAUSE = Duration.ofMinutes(5);

    private final ActorRef<ClassMessage> actor;
    private final ServicePolicy policy;
    private final CoalescedRequest<ClassMessage, ClassInfo> request;
    private ClassClient ref;
    /** Whether the class lives in this process, which then distils it. */
    private boolean here = true;

    private final ConvergenceDetector convergence;
    private ClassInfo info;
    /** The phase that the class is known to have entered, perhaps after {@link #info}. */
    private ClassPhase phase;

    private boolean initialising;
    private boolean responds;
    /** Whether the class has not replied to the last check. */
    private boolean silent;

    /** Number of updates before the next initialisation or visit. */
    private int updatesToWait;
    /** Number of updates between the last visit and the next one if the visits fail. */
    private int pause = 1;
    /** Time of the next visit after one that failed, even if there are fewer updates until then. */
    private Instant nextVisit = Instant.MIN;

    /** What the class is known to have been told; empty if it must be told again. */
    private Optional<ChangeQuota> quota = Optional.empty();

    /** Whether the class has got further images since its last outer iteration, which it has to learn. */
    private boolean grown;

    private int output;

    /**
     * Creates a class that has not replied.
     *
     * @param request asks the actor what the class is now
     */
    ServiceClass(OpenClass known, ServicePolicy policy, CoalescedRequest<ClassMessage, ClassInfo> request) {
        this.actor = known.actor();
        this.policy = policy;
        this.request = request;
        this.info = known.info();
        this.ref = newRef();
        this.convergence = new ConvergenceDetector(policy);
        this.phase = info.phase();
    }

    private ClassClient newRef() {
        return new ClassClient(
                info.index(), info.label(), 0, actor.narrow(), new PendingAsks(), ClassClient.Home.SERVICE);
    }

    int classIndex() {
        return ref.classIndex();
    }

    int output() {
        return output;
    }

    void setOutput(int next) {
        output = next;
    }

    /** Reference for the visits of the class, which lives in this process. */
    ClassClient ref() {
        return ref;
    }

    /** Reference for requests that only read, wherever the class lives. */
    ClassClient reader() {
        return here
                ? ref
                : new ClassClient(
                        ref.classIndex(), ref.name(), 0, actor.narrow(), ref.pendingAsks(), ClassClient.Home.ELSEWHERE);
    }

    boolean isHere() {
        return here;
    }

    void setHere(boolean now) {
        here = now;
    }

    /** Notes whether the class replies. A class that has not replied twice in a row must not delay the others. */
    void onWatched(boolean replied) {
        if (silent && !replied) {
            failRequests();
        }
        silent = !replied;
    }

    /** Fails all pending requests, since the class has left this process. It may come back. */
    void leave() {
        failRequests();
        request.drop();
    }

    private void failRequests() {
        end();
        ref = newRef();
    }

    ClassPhase phase() {
        return phase;
    }

    /** Number of samples that the class has admitted. */
    long seen() {
        return info.seen();
    }

    /**
     * Asks the actor what the class is now; empty if the actor has stopped or does not reply in time. Does not wait for
     * an actor that has not replied in time to an earlier call.
     */
    CompletionStage<Optional<ClassInfo>> ask(Scheduler scheduler) {
        return ref.pendingAsks()
                .whileAlive(request.ask(scheduler))
                .thenApply(Optional::of)
                .exceptionally(gone -> Optional.empty());
    }

    /** Updates the state from what the class is now, as it has replied or, if it lives elsewhere, published. */
    void update(ClassInfo now) {
        grown |= isLearning() && info.images() > 0 && now.images() > info.images();
        info = now;
        responds = true;
        updatesToWait = Math.max(0, updatesToWait - 1);
        quota = quota.filter(told -> here && now.images() <= told.images());
        if (now.phase() != ClassPhase.COLLECTING) {
            enter(now.phase());
        }
    }

    /** Counts the class as not responding until the next {@link #update}. */
    void expectReply() {
        responds = false;
    }

    boolean responds() {
        return responds;
    }

    /** Sets the phase; a sealed class stays sealed. */
    void enter(ClassPhase next) {
        phase = phase == ClassPhase.SEALED ? phase : next;
    }

    /** Whether the class responds and has enough images to be distilled or was distilled before. */
    boolean canBegin() {
        return responds && (phase != ClassPhase.COLLECTING || hasEnough());
    }

    /** Whether the class should get its initial synthetic images now. */
    boolean isToInitialise() {
        return phase == ClassPhase.COLLECTING && responds && !initialising && updatesToWait == 0 && hasEnough();
    }

    private boolean hasEnough() {
        return info.reservoir() > 0 && info.seen() >= imagesToBegin();
    }

    /**
     * The number of accepted images at which distillation begins: the configured minimum, or the capacity of the
     * reservoir if that is smaller.
     */
    int imagesToBegin() {
        return Math.min(policy.minImages(), info.capacity());
    }

    /** Number of initial images, up to a maximum, that real images fill without one of them filling two cells. */
    int initialImages(int most, int factor) {
        return Math.min(most, Math.max(ClassCommand.FEW_IMAGES, info.reservoir() / (factor * factor)));
    }

    void beginInitialisation() {
        initialising = true;
    }

    /** Ends the initialisation; after a failure, the next attempt has to wait. */
    void endInitialisation(boolean success) {
        initialising = false;
        updatesToWait = success ? 0 : UPDATES_BEFORE_RETRY;
    }

    /**
     * Whether the class is visited in the loop after an update: in every loop while it is distilled, rarely after it
     * has converged, and ever more rarely while its visits fail.
     */
    boolean isToVisit(long update, Instant now) {
        if (!responds || (updatesToWait > 0 && now.isBefore(nextVisit))) {
            return false;
        }
        return switch (phase) {
            case DISTILLING -> true;
            case CONVERGED -> Math.floorMod(update + classIndex(), policy.visitEvery()) == 0;
            case COLLECTING, SEALED -> false;
        };
    }

    /**
     * Notes that a visit ended without a class step. The next visits are rarer, because a step that fails costs all
     * classes time: the worker tries it twice, and needs a new engine after each attempt.
     */
    void onSkipped(Instant now) {
        pause = Math.min(MAX_UPDATES_OF_PAUSE, 2 * pause);
        updatesToWait = pause;
        nextVisit = now.plus(MAX_TIME_OF_PAUSE);
    }

    void onMatched(double loss) {
        pause = 1;
        updatesToWait = 0;
        convergence.add(loss);
        actor.tell(new ClassCommand.RecordLoss(loss));
    }

    /**
     * Forgets the losses so far, which were measured on random batches and are higher than those on representatives.
     */
    void onRepresented() {
        convergence.restart();
    }

    /** Ends an outer iteration and returns the next phase of the class; empty if the phase stays the same. */
    Optional<ClassPhase> endIteration() {
        if (grown && isLearning()) {
            grown = false;
            convergence.restart();
            return phase == ClassPhase.CONVERGED ? Optional.of(ClassPhase.DISTILLING) : Optional.empty();
        }
        return Optional.of(convergence.endIteration(phase)).filter(next -> next != phase);
    }

    /** The least number of outer iterations that must end before the class has converged; 0 if it does not learn. */
    int iterationsToConvergence() {
        return phase == ClassPhase.DISTILLING ? Math.max(0, convergence.leastIterations()) : 0;
    }

    void requestPhase(ClassPhase next, ActorRef<Done> replyTo) {
        actor.tell(new ClassCommand.EnterPhase(next, replyTo));
    }

    /** Sets what the class may store. It is sent again if a reply shows that the class stores more images. */
    void setQuota(ChangeQuota next) {
        if (!quota.equals(Optional.of(next))) {
            quota = Optional.of(next);
            actor.tell(next);
        }
    }

    void clamp() {
        if (isLearning()) {
            actor.tell(new ClassActor.Clamp());
        }
    }

    private boolean isLearning() {
        return phase == ClassPhase.DISTILLING || phase == ClassPhase.CONVERGED;
    }

    /** Fails all pending requests to the class, which was forgotten. */
    void end() {
        ref.pendingAsks().end();
    }
}
