package dev.reverie.actors.intake;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.classes.Liveness;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/** A class as the intake knows it. Not thread safe. */
final class ClassEntry {

    private static final Duration MEMORY_OF_FAILURE = Duration.ofSeconds(30);

    private final int label;
    private final String name;
    private final ActorRef<ClassMessage> actor;
    private final Liveness presence = new Liveness();
    private ClassCapacity capacity;
    private Optional<ClassReport.Failed> failure = Optional.empty();
    private ClassPhase phase = ClassPhase.COLLECTING;
    private Instant failingUntil = Instant.MIN;
    private boolean settled;
    private boolean announced;
    private long epoch;
    private long durable;
    private long next;
    private int reservoir;

    ClassEntry(int label, String name, ActorRef<ClassMessage> actor, ClassCapacity capacity) {
        this.label = label;
        this.name = name;
        this.actor = actor;
        this.capacity = capacity;
    }

    void recovered(ClassReport.Recovered report) {
        settled = true;
        failure = Optional.empty();
        epoch = report.epoch();
        durable = report.seen();
        next = report.seen();
        reservoir = report.reservoir();
        enter(report.phase());
    }

    void failed(ClassReport.Failed report, Instant now) {
        settled = true;
        failure = Optional.of(report);
        failingUntil = now.plus(MEMORY_OF_FAILURE);
    }

    void admitted(ClassReport.Admitted report) {
        failingUntil = Instant.MIN;
        durable = report.seen();
        reservoir = report.reservoir();
    }

    /**
     * It is in this stage from now on. Sealed it is before that is durable, so that nothing new is sent to it; what it
     * entered before it heard of that may be told later.
     */
    void enter(ClassPhase next) {
        phase = phase == ClassPhase.SEALED ? phase : next;
    }

    /** The ordinal of the first of so many new samples. */
    long assign(int count) {
        long first = next;
        next += count;
        return first;
    }

    void resize(ClassCapacity now) {
        capacity = now;
    }

    /** Whether it is the first time that there is something to tell of. */
    boolean announce() {
        boolean first = !announced && durable > 0;
        announced |= first;
        return first;
    }

    ClassHandle handle() {
        return new ClassHandle(label, name, phase, durable, actor);
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

    /** Asks its owner; fails if the class is forgotten before the owner has answered. */
    <R> CompletionStage<R> ask(Function<ActorRef<R>, ClassMessage> message, Scheduler scheduler) {
        return presence.whilePresent(Asks.ask(actor, message, scheduler));
    }

    /** It is being forgotten: its owner answers nothing any more. */
    void leave() {
        presence.end();
    }

    ClassCapacity capacity() {
        return capacity;
    }

    /** Whether the store has answered, for better or worse. */
    boolean isSettled() {
        return settled;
    }

    boolean isReady() {
        return settled && failure.isEmpty();
    }

    boolean isDamaged() {
        return failure.filter(report -> report.failure() == StoreFailure.DAMAGED)
                .isPresent();
    }

    /**
     * Whether it can't use the store, or could not a moment ago: a class recovers by reading alone, so only what it
     * writes afterwards shows that it can.
     */
    boolean isFailing(Instant now) {
        return failure.isPresent() || now.isBefore(failingUntil);
    }

    Optional<ClassReport.Failed> failure() {
        return failure;
    }

    ClassPhase phase() {
        return phase;
    }

    long epoch() {
        return epoch;
    }

    /** Samples that are durable. */
    long durable() {
        return durable;
    }

    /** Samples that are durable or on their way. */
    long assigned() {
        return next;
    }

    int reservoir() {
        return reservoir;
    }
}
