package dev.reverie.deploy.history.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.history.Verdict;
import dev.reverie.deploy.history.faults.Failpoint;
import dev.reverie.deploy.history.faults.Fault;
import dev.reverie.deploy.history.faults.Mutant;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A service that breaks a promise")
class MutantIT {

    private static final int MAX_SESSIONS = 14;

    private static final List<RoundPlan> PLANS = List.of(
            new RoundPlan(Failpoint.BEFORE_WRITE, Fault.FREEZE),
            new RoundPlan(Failpoint.AFTER_COMMIT, Fault.KILL),
            new RoundPlan(Failpoint.BEFORE_COMMIT, Fault.FREEZE));

    private static final long SEED = 32;

    /** Part of the names of the mutants to try; empty for all. */
    private static final String ONLY = System.getProperty("reverie.history.only", "");

    static List<Mutant> mutants() {
        return Stream.of(Mutant.values())
                .filter(mutant -> mutant.name().contains(ONLY))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    @DisplayName("is convicted by its history")
    void convicted(Mutant mutant, @TempDir Path folder) throws Exception {
        Rounds rounds = Rounds.ofMutant(folder, SEED, mutant);

        rounds.runUntilViolation(PLANS, MAX_SESSIONS);

        assertThat(rounds.verdicts()).hasAtLeastOneElementOfType(Verdict.Unexplained.class);
    }
}
