package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.faults.Failpoint;
import dev.reverie.deploy.history.faults.Fault;
import java.util.ArrayList;
import java.util.List;

/** The fault of one round. */
record RoundPlan(Failpoint failpoint, Fault fault) {

    /** Name for people: the failpoint, a space, and the fault. */
    String name() {
        return failpoint + " " + fault;
    }

    /** All faults that can occur on a database. */
    static List<RoundPlan> all(boolean postgres) {
        List<RoundPlan> plans = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            for (Failpoint failpoint : Failpoint.values()) {
                boolean isOfDatabase = postgres ? !failpoint.isOfH2Only() : fault != Fault.DATABASE_KILL;
                if (fault.fits(failpoint) && isOfDatabase) {
                    plans.add(new RoundPlan(failpoint, fault));
                }
            }
        }
        return plans;
    }
}
