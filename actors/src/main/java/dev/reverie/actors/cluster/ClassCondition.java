package dev.reverie.actors.cluster;

import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.lifecycle.ClassReport.Recovered;
import java.util.Optional;

/** Merges the reports of a class into one current report. Not thread safe. */
final class ClassCondition {

    private Optional<Recovered> recovered = Optional.empty();
    private Optional<ClassReport.Failed> failure = Optional.empty();

    void on(ClassReport report) {
        switch (report) {
            case Recovered now -> {
                recovered = Optional.of(now);
                failure = Optional.empty();
            }
            case ClassReport.Failed failed -> failure = Optional.of(failed);
            case ClassReport.SamplesStored stored ->
                recovered = recovered.map(last -> last.withSamples(stored.epoch(), stored.seen(), stored.reservoir()));
            case ClassReport.PhaseEntered entered -> recovered = recovered.map(last -> last.withPhase(entered.phase()));
            case ClassReport.SealRequested seal ->
                recovered = recovered.map(last -> last.withSealRequested(seal.requested()));
        }
    }

    /** Whether the class has recovered at least once, even if it has failed since. */
    boolean hasRecovered() {
        return recovered.isPresent();
    }

    /** The failure of the class, or its state; empty before the first report. */
    Optional<? extends ClassReport> report() {
        return failure.isPresent() ? failure : recovered;
    }
}
