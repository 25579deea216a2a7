package dev.reverie.deploy.history.faults;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassEvent;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;

/** What the woven code of a {@link Mutant} calls. */
public final class Mutations {

    private static final Duration MAX_DELAY = Duration.ofMillis(300);

    private static final Map<String, OpenClass> FIRST = new ConcurrentHashMap<>();
    private static final Map<String, ClassInfo> LATEST = new ConcurrentHashMap<>();

    private Mutations() {}

    public static FingerprintBlock withoutLast(FingerprintBlock block) {
        return block.size() > 1 ? block.at(IntStream.range(0, block.size() - 1).toArray()) : block;
    }

    public static List<?> withoutLast(List<?> samples) {
        return samples.size() > 1 ? samples.subList(0, samples.size() - 1) : samples;
    }

    /** Answers with the verdicts, and with nothing new of the class. */
    public static void acknowledge(ClassCommand.AddSamples samples, List<SampleVerdict> verdicts) {
        ClassInfo nothing = ClassInfo.unpublished(-1, "");
        samples.replyTo().tell(new ClassCommand.SamplesJudged(samples.delivery(), samples.part(), verdicts, nothing));
    }

    /** Acknowledges any part of a delivery but the first, and leaves none of its samples. */
    public static ClassCommand.AddSamples withoutLaterPart(ClassCommand.AddSamples samples) {
        if (samples.part() == 0) {
            return samples;
        }
        List<SampleVerdict> stored = Collections.nCopies(samples.images().size(), SampleVerdict.STORED);
        acknowledge(samples, stored);
        FingerprintBlock none = samples.fingerprints().at(new int[0]);
        return new ClassCommand.AddSamples(samples.delivery(), samples.part(), none, List.of(), samples.replyTo());
    }

    public static List<SampleVerdict> acceptingAll(List<SampleVerdict> verdicts) {
        return verdicts.stream()
                .map(verdict -> verdict == SampleVerdict.SEALED ? SampleVerdict.STORED : verdict)
                .toList();
    }

    /**
     * Refuses what a sealed class knows.
     *
     * @param ofNew the verdict on new samples
     */
    public static List<SampleVerdict> refusingKnown(List<SampleVerdict> verdicts, SampleVerdict ofNew) {
        return ofNew == SampleVerdict.SEALED ? Collections.nCopies(verdicts.size(), ofNew) : verdicts;
    }

    public static void pretendForgotten(IntakeActor.Forget request) {
        replyForgotten(request.replyTo());
    }

    public static void replyForgotten(ActorRef<IntakeActor.Forgotten> replyTo) {
        replyTo.tell(new IntakeActor.Forgotten(true));
    }

    /** Answers a DELETE, and begins it later, so that a fault can occur in between. */
    public static void replyForgottenEarly(ActorRef<IntakeActor.Forgotten> replyTo) {
        replyForgotten(replyTo);
        delay();
    }

    private static void delay() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MAX_DELAY.toNanos()));
    }

    public static DeliveryOutcome pretendOverloaded(DeliveryOutcome outcome) {
        boolean pretends = outcome instanceof DeliveryOutcome.Accepted(var accepted, var _, var _) && accepted % 2 == 1;
        return pretends
                ? new DeliveryOutcome.Deferred(DeliveryOutcome.Cause.OVERLOADED, "no room", Duration.ofSeconds(1))
                : outcome;
    }

    public static ClassEvent withoutSeal(ClassEvent event) {
        return event instanceof ClassEvent.PhaseEntered ? new ClassEvent.PhaseEntered(ClassPhase.COLLECTING) : event;
    }

    public static Optional<ClassInfo> pretendSealed(Optional<ClassInfo> shown) {
        return shown.map(info -> new ClassInfo(
                info.label(),
                info.index(),
                ClassPhase.SEALED,
                info.seen(),
                info.reservoir(),
                info.images(),
                info.innerLoops(),
                info.matchingLoss(),
                info.updated(),
                info.sealRequested(),
                info.damaged(),
                info.capacity(),
                info.version()));
    }

    /** What the class published before this. */
    public static ClassInfo before(ClassInfo next) {
        return Optional.ofNullable(LATEST.put(next.label(), next)).orElse(next);
    }

    public static OpenClass firstOf(OpenClass known) {
        return FIRST.computeIfAbsent(known.info().label(), _ -> known);
    }
}
