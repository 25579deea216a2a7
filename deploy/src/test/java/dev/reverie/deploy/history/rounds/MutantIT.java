package dev.reverie.deploy.history.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.history.Verdict;
import dev.reverie.deploy.history.faults.Failpoint;
import dev.reverie.deploy.history.faults.Fault;
import dev.reverie.deploy.history.faults.Mutant;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A service that breaks a promise")
class MutantIT {

    private static final int MAX_ROUNDS = 10;
    private static final long SEED = 32;

    @ParameterizedTest
    @EnumSource
    @DisplayName("is convicted by its history")
    void convicted(Mutant mutant, @TempDir Path folder) throws Exception {
        Rounds rounds = Rounds.ofMutant(folder, SEED, mutant);

        for (int round = 0; round < MAX_ROUNDS && rounds.violations().isEmpty(); round++) {
            rounds.run(List.of(new RoundPlan(Failpoint.BEFORE_COMMIT, Fault.FREEZE)));
        }

        assertThat(rounds.verdicts()).hasAtLeastOneElementOfType(Verdict.Unexplained.class);
    }
}
