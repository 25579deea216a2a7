package dev.reverie.actors.intake;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.classes.Liveness;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * The intake's record of one class, from the reports of the class actor and the samples sent to it. Not thread safe.
 */
final class ClassEntry {

    private final int label;
    private final String name;
    private final ActorRef<ClassMessage> actor;
    private final ClassFailures failures = new ClassFailures();
    private final Liveness liveness = new Liveness();
    private ClassPhase phase = ClassPhase.COLLECTING;
    private boolean recovered;
    private boolean settled;
    private boolean announced;
    private boolean sealRequested;
    private boolean sealing;
    private long epoch;
    private long stored;
    /** Whether samples were sent to the class that are perhaps durable. */
    private boolean sent;

    private int reservoirSize;
    private Runnable changeListener = () -> {};

    ClassEntry(int label, String name, ActorRef<ClassMessage> actor) {
        this.label = label;
        this.name = name;
        this.actor = actor;
    }

    /** Sets what runs after each change to the handle, the reservoir or the failures of the class. */
    void onChange(Runnable listener) {
        changeListener = listener;
    }

    /** Whether the class has lost what it was sent before this report, and has recovered again. */
    boolean isRestartedBy(ClassReport.Recovered report) {
        return recovered && report.epoch() != epoch;
    }

    /**
     * Notes the state of the class after its actor has recovered.
     *
     * @return whether the class was announced with another phase, which changed while the actor could not report it
     */
    boolean onRecovered(ClassReport.Recovered report) {
        settled = true;
        recovered = true;
        failures.onRecovered();
        epoch = report.epoch();
        stored = report.seen();
        sent = false;
        reservoirSize = report.reservoir();
        sealRequested = report.sealRequested();
        sealing = false; // an earlier message may be lost, and a second one changes nothing
        changeListener.run();
        return enterPhase(report.phase()) && announced;
    }

    /**
     * Notes a failure.
     *
     * @return whether to tell the user of the failure
     */
    boolean onFailed(ClassReport.Failed report, Instant now) {
        boolean toTell = failures.add(report, now);
        // whoever waits for a class that another process has would wait for that process
        settled |= isDamaged() || report.failure() == StoreFailure.UNREACHABLE;
        changeListener.run();
        return toTell;
    }

    void onSamplesStored(ClassReport.SamplesStored report) {
        failures.onSamplesStored();
        stored = report.seen();
        reservoirSize = report.reservoir();
        changeListener.run();
    }

    /**
     * Shows a phase, unless the class is being forgotten: a seal that was not shown before then has failed, and must
     * not be shown later.
     *
     * @return whether the phase that is shown has changed
     */
    boolean enterPhase(ClassPhase next) {
        boolean changed = phase != next && !liveness.hasEnded();
        if (changed) {
            phase = next;
            changeListener.run();
        }
        return changed;
    }

    void onSealRequested(boolean requested) {
        sealRequested = requested;
        changeListener.run();
    }

    /** Whether the class has converged, and is to be sealed when it has. */
    boolean isSealDue() {
        return sealRequested && phase == ClassPhase.CONVERGED && !sealing;
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
    Optional<ClassHandle> afterSealing(boolean forgotten) {
        return forgotten && phase != ClassPhase.SEALED ? Optional.empty() : Optional.of(handle());
    }

    /** Notes that new samples are being sent to the class. */
    void onSent() {
        sent = true;
    }

    /** Returns true once, on the first call after the class has durable samples. */
    boolean announce() {
        boolean first = !announced && durable() > 0;
        announced |= first;
        return first;
    }

    ClassHandle handle() {
        return new ClassHandle(
                label,
                name,
                phase,
                durable(),
                sealRequested && phase != ClassPhase.SEALED,
                isDamaged(),
                failures.current().isPresent(),
                actor);
    }

    int label() {
        return label;
    }

    String name() {
        return name;
    }

    ActorRef<ClassMessage> actor() {
        return actor;
    }

    /** Asks the class actor; fails if the class is forgotten before the actor has replied. */
    <R> CompletionStage<R> ask(Function<ActorRef<R>, ClassMessage> message, Scheduler scheduler) {
        return liveness.whileAlive(Asks.ask(actor, message, scheduler));
    }

    /** Like {@link #ask}, but repeats the message, and fails with a {@link TimeoutException} after at most 6 s. */
    <R> CompletionStage<R> askRepeatedly(Function<ActorRef<R>, ClassMessage> message, Scheduler scheduler) {
        return liveness.whileAlive(Asks.askRepeatedly(actor, message, scheduler));
    }

    /** Fails all open asks, because the class is being forgotten and its actor will not reply. */
    void failAsks() {
        liveness.end();
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
        return durable() > 0 || isDamaged();
    }

    /** Whether the class cannot say whether it has durable samples. */
    boolean isUnknown() {
        return !isKnown() && failures.current().isPresent();
    }

    /** Whether the class has samples or may have some, since samples that were sent to it are perhaps durable. */
    boolean mayHaveSamples() {
        return isKnown() || isUnknown() || sent;
    }

    boolean isDamaged() {
        return failures.isDamage();
    }

    /** Whether the class cannot use the store, or could not use it recently. */
    boolean isFailing(Instant now) {
        return failures.isFailing(now);
    }

    /** Whether the class has failed since it last stored samples, even if long ago. */
    boolean hasFailed() {
        return failures.any();
    }

    /** The failure from which the class has not recovered. */
    Optional<ClassReport.Failed> failure() {
        return failures.current();
    }

    ClassPhase phase() {
        return phase;
    }

    /** Number of durable samples. */
    long durable() {
        return stored;
    }

    int reservoirSize() {
        return reservoirSize;
    }
}
