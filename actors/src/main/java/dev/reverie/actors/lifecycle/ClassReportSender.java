package dev.reverie.actors.lifecycle;

import dev.reverie.actors.Asks;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;

/** Sends the reports of a class to its supervisor, with the current epoch. Not thread safe. */
final class ClassReportSender {

    private final int label;
    private final ActorRef<ClassReport> supervisor;
    /** Starts at a random number, so that two incarnations of the actor share no epoch. */
    private long epoch = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2);

    ClassReportSender(int label, ActorRef<ClassReport> supervisor) {
        this.label = label;
        this.supervisor = supervisor;
    }

    /** The current epoch, which differs after every recovery. */
    long epoch() {
        return epoch;
    }

    void recovered(ClassState state) {
        epoch++;
        supervisor.tell(new ClassReport.Recovered(
                label,
                epoch,
                state.phase(),
                state.seen(),
                state.reservoir().size(),
                state.capacity(),
                state.sealRequested()));
    }

    void samplesStored(ClassState state) {
        supervisor.tell(new ClassReport.SamplesStored(
                label, epoch, state.seen(), state.reservoir().size()));
    }

    void phaseEntered(ClassPhase phase) {
        supervisor.tell(new ClassReport.PhaseEntered(label, phase));
    }

    void sealRequested(boolean requested) {
        supervisor.tell(new ClassReport.SealRequested(label, requested));
    }

    void failed(Throwable failure) {
        supervisor.tell(new ClassReport.Failed(label, StoreFailure.of(failure), Asks.reasonOf(failure)));
    }
}
