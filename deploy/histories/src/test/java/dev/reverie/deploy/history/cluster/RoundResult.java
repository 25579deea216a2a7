package dev.reverie.deploy.history.cluster;

import dev.reverie.deploy.history.History;
import java.time.Duration;
import java.util.List;

/**
 * What a round has shown.
 *
 * @param acknowledgements number of deliveries that were acknowledged under load, from the fault on
 * @param load how long the load took from the fault on
 * @param outage longest time between two acknowledgements of samples of the same class, from the fault on
 * @param undecided whether the search for an order of the history was given up
 * @param violations promises that were broken
 */
record RoundResult(
        ClusterFault fault,
        int acknowledgements,
        Duration load,
        Duration outage,
        boolean undecided,
        List<String> violations,
        History history) {

    RoundResult {
        violations = List.copyOf(violations);
    }

    double acknowledgementsPerSecond() {
        return acknowledgements / (load.toMillis() / 1e3);
    }
}
