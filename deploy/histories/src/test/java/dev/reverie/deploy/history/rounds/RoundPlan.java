package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.faults.Failpoint;
import dev.reverie.deploy.history.faults.Fault;
import java.util.List;
import java.util.stream.Stream;

/** The fault of one round. */
record RoundPlan(Failpoint failpoint, Fault fault) {

    /** Name for people: the failpoint, a space, and the fault. */
    String name() {
        return failpoint + " " + fault;
    }

    /** All faults at all failpoints. */
    static List<RoundPlan> all() {
        return Stream.of(Fault.values())
                .flatMap(fault -> Stream.of(Failpoint.values())
                        .filter(fault::fits)
                        .map(failpoint -> new RoundPlan(failpoint, fault)))
                .toList();
    }
}
