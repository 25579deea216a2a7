package dev.reverie.actors.intake;

import dev.reverie.actors.Asks;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.classes.PendingAsks;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * The intake's record of one class: what the class has published last, and what the intake has asked of it. Not thread
 * safe.
 */
final class ClassEntry {

    /** For how long after a failure a class that has recovered counts as failing, unless it stores samples sooner. */
    private static final Duration FAILING_AFTER_RECOVERY = Duration.ofSeconds(30);

    private final ActorRef<ClassMessage> actor;
    private final ThrottledWarning warning = new ThrottledWarning();
    private final PendingAsks pendingAsks = new PendingAsks();
    private ClassInfo info;
    private Optional<ClassReport.Failed> failure = Optional.empty();
    /** Time of the last failure since which the class has not stored samples. */
    private Optional<Instant> failedAt = Optional.empty();

    private boolean recovered;
    private boolean settled;
    private boolean announced;
    private boolean sealing;
    /** Whether samples were sent to the class that are perhaps durable. */
    private boolean sent;

    private Runnable changeListener = () -> {};

    ClassEntry(int index, String label, ActorRef<ClassMessage> actor) {
        this.info = ClassInfo.unpublished(index, label);
        this.actor = actor;
    }

    /** Sets what runs after each change to the class or its failures. */
    void onChange(Runnable listener) {
        changeListener = listener;
    }

    /** Whether the class has lost what it was sent before it published this, and has recovered again. */
    boolean isRestartedBy(ClassInfo next) {
        return recovered && next.isAfter(info) && !next.isOfSameEpoch(info);
    }

    /** Notes that the class has sent a report of its own accord, so that it does not fail any more. */
    void onWorks() {
        failure = Optional.empty();
        changeListener.run();
    }

    /** Notes what the class has published, and returns whether it is newer than what was known. */
    boolean update(ClassInfo next) {
        if (!next.isAfter(info)) {
            return false;
        }
        if (!next.isOfSameEpoch(info)) {
            settled = true;
            recovered = true;
            sent = false;
            sealing = false; // an earlier message may be lost, and a second one changes nothing
        } else if (next.seen() > info.seen()) {
            failedAt = Optional.empty();
        }
        info = next;
        changeListener.run();
        return true;
    }

    /**
     * Notes a failure.
     *
     * @return whether to tell the user: of the first failure of a kind, and then of ever fewer while the class fails
     */
    boolean onFailed(ClassReport.Failed report, Instant now) {
        if (!isFailing(now)) {
            warning.reset();
        }
        failure = Optional.of(report);
        failedAt = Optional.of(now);
        // whoever waits for a class that another process has would wait for that process
        settled |= isDamaged() || report.failure() == StoreFailure.UNREACHABLE;
        changeListener.run();
        return warning.isDue(report.failure());
    }

    /** Whether the class has converged, and is to be sealed when it has. */
    boolean isSealDue() {
        return info.sealRequested() && info.phase() == ClassPhase.CONVERGED && !sealing;
    }

    /** Notes that the class has been asked to seal itself, so that it is not asked twice. */
    void startSealing() {
        sealing = true;
    }

    /** Notes that the class did not answer, so that it is asked again if it is to be sealed. */
    void failSealing() {
        sealing = false;
    }

    /**
     * The class after it was asked to seal itself; empty if it was forgotten before it was sealed. A seal that was
     * shown has taken effect, even if the class was forgotten before its actor replied.
     */
    Optional<ClassInfo> afterSealing(boolean forgotten) {
        return forgotten && info.phase() != ClassPhase.SEALED ? Optional.empty() : Optional.of(info());
    }

    /** Notes that new samples are being sent to the class. */
    void onSent() {
        sent = true;
    }

    /** Returns true once, on the first call after the class has durable samples. */
    boolean announce() {
        boolean first = !announced && info.seen() > 0;
        announced |= first;
        return first;
    }

    OpenClass known() {
        return new OpenClass(info(), failure.isPresent(), actor);
    }

    /** What the class has published last. */
    ClassInfo info() {
        return isDamaged() ? info.withDamaged(true) : info;
    }

    int index() {
        return info.index();
    }

    String label() {
        return info.label();
    }

    ActorRef<ClassMessage> actor() {
        return actor;
    }

    /** Asks the class actor; fails if the class is forgotten before the actor has replied. */
    <R> CompletionStage<R> ask(Function<ActorRef<R>, ClassMessage> message, Scheduler scheduler) {
        return pendingAsks.whileAlive(Asks.ask(actor, message, scheduler));
    }

    /** Like {@link #ask}, but repeats the message, and fails with a {@link TimeoutException} after at most 6 s. */
    <R> CompletionStage<R> askRepeatedly(Function<ActorRef<R>, ClassMessage> message, Scheduler scheduler) {
        return pendingAsks.whileAlive(Asks.askRepeatedly(actor, message, scheduler));
    }

    /** Fails all open asks, because the class is being forgotten and its actor will not reply. */
    void failAsks() {
        pendingAsks.end();
    }

    /** Whether the class is being forgotten. Thread safe. */
    boolean isForgotten() {
        return pendingAsks.hasEnded();
    }

    /** Whether the class has recovered, or cannot recover because its data is damaged. */
    boolean isSettled() {
        return settled;
    }

    /** Whether the class has recovered since the service started, so that it may have changes that are not saved. */
    boolean hasRecovered() {
        return recovered;
    }

    /** Whether the class has durable samples, or had some before its data was damaged. */
    boolean isKnown() {
        return info.seen() > 0 || isDamaged();
    }

    /** Whether the class cannot say whether it has durable samples. */
    boolean isUnknown() {
        return !isKnown() && failure.isPresent();
    }

    /** Whether the class has samples or may have some, since samples that were sent to it are perhaps durable. */
    boolean mayHaveSamples() {
        return isKnown() || isUnknown() || sent;
    }

    boolean isDamaged() {
        return failure.filter(report -> report.failure() == StoreFailure.DAMAGED)
                .isPresent();
    }

    /**
     * Whether the class cannot use the store, or could not use it recently. A recovery only reads from the store; only
     * newly stored samples show that the class can write again.
     *
     * @param now the current time; the clock may have been set since the failure
     */
    boolean isFailing(Instant now) {
        return failure.isPresent()
                || failedAt.filter(at -> Duration.between(at, now).abs().compareTo(FAILING_AFTER_RECOVERY) < 0)
                        .isPresent();
    }

    /** Whether the class has failed since it last stored samples, even if long ago. */
    boolean hasFailed() {
        return failure.isPresent() || failedAt.isPresent();
    }

    /** The failure from which the class has not recovered. */
    Optional<ClassReport.Failed> failure() {
        return failure;
    }
}
