package dev.reverie.actors.cluster;

import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.lifecycle.ClassReport.Recovered;
import java.util.Optional;

/** The condition of a class according to its reports so far, as one report that says everything. Not thread safe. */
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
            case ClassReport.SamplesStored(var label, var epoch, var seen, var reservoir) ->
                recovered = recovered.map(last -> new Recovered(
                        label, epoch, last.phase(), seen, reservoir, last.capacity(), last.sealRequested()));
            case ClassReport.PhaseEntered(var label, var phase) ->
                recovered = recovered.map(last -> new Recovered(
                        label,
                        last.epoch(),
                        phase,
                        last.seen(),
                        last.reservoir(),
                        last.capacity(),
                        last.sealRequested()));
            case ClassReport.SealRequested(var label, var requested) ->
                recovered = recovered.map(last -> new Recovered(
                        label, last.epoch(), last.phase(), last.seen(), last.reservoir(), last.capacity(), requested));
        }
    }

    /** The failure of the class, or its state; empty before the first report. */
    Optional<? extends ClassReport> report() {
        return failure.isPresent() ? failure : recovered;
    }
}
