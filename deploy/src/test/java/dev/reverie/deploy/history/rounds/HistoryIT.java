package dev.reverie.deploy.history.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.history.DeliveryRule;
import dev.reverie.deploy.history.faults.Failpoint;
import dev.reverie.deploy.history.faults.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The history of a service in which faults occur")
class HistoryIT {

    /** Rounds of the long run; 0 for one round with each failpoint. */
    private static final int ROUNDS = Integer.getInteger("reverie.history.rounds", 0);

    @Test
    @DisplayName("has an order of events that explains every answer, with H2")
    void h2(@TempDir Path folder) throws Exception {
        Rounds rounds = Rounds.onH2(folder, DeliveryRule.EACH_CLASS);

        rounds.run(plans(false));

        System.out.print(rounds.table());
        assertThat(rounds.violations()).isEmpty();
    }

    private static List<RoundPlan> plans(boolean postgres) {
        List<RoundPlan> all = RoundPlan.all(postgres);
        List<RoundPlan> plans = new ArrayList<>();
        if (ROUNDS == 0) {
            for (Failpoint failpoint : Failpoint.values()) {
                plans.add(new RoundPlan(failpoint, Fault.KILL));
            }
        }
        for (int i = 0; i < ROUNDS; i++) {
            plans.add(all.get(i % all.size()));
        }
        return plans;
    }
}
