package dev.reverie.deploy.history.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reverie.actors.store.PostgresServer;
import dev.reverie.deploy.history.History;
import dev.reverie.deploy.history.HistoryChecker;
import dev.reverie.deploy.history.Verdict;
import dev.reverie.deploy.history.faults.Failpoint;
import dev.reverie.deploy.history.faults.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The history of a service in which faults occur")
class HistoryIT {

    /** Rounds of a campaign on each database; 0 for the few rounds of a normal build. */
    private static final int ROUNDS = Integer.getInteger("reverie.history.rounds", 0);

    private static final long SEED = Long.getLong("reverie.history.seed", 32);

    /** Failpoint and fault of all rounds of a campaign, for example {@code BEFORE_COMMIT ERROR}; empty for all. */
    private static final String ONLY = System.getProperty("reverie.history.only", "");

    /** Property with the file of a history to check again. */
    private static final String KEPT = "reverie.history.file";

    private static final List<RoundPlan> ON_SQLITE = List.of(
            new RoundPlan(Failpoint.BEFORE_COMMIT, Fault.KILL),
            new RoundPlan(Failpoint.BEFORE_ACKNOWLEDGEMENT, Fault.FREEZE),
            new RoundPlan(Failpoint.BEFORE_COMMIT, Fault.ERROR),
            new RoundPlan(Failpoint.BEFORE_COMMIT, Fault.FULL),
            new RoundPlan(Failpoint.BEFORE_COMMIT, Fault.DISK_FULL),
            new RoundPlan(Failpoint.BEFORE_COMMIT, Fault.DISK_ERROR),
            new RoundPlan(Failpoint.IN_TRIM, Fault.KILL));

    private static final List<RoundPlan> ON_VOLATILE_DISK = List.of(
            new RoundPlan(Failpoint.AFTER_COMMIT, Fault.POWER_CUT),
            new RoundPlan(Failpoint.BEFORE_ACKNOWLEDGEMENT, Fault.POWER_CUT),
            new RoundPlan(Failpoint.IN_TRIM, Fault.POWER_CUT),
            new RoundPlan(Failpoint.BEFORE_ERASE, Fault.POWER_CUT));

    private static final List<RoundPlan> ON_POSTGRES = List.of(
            new RoundPlan(Failpoint.BEFORE_COMMIT, Fault.FREEZE),
            new RoundPlan(Failpoint.AFTER_COMMIT, Fault.KILL),
            new RoundPlan(Failpoint.BEFORE_COMMIT, Fault.DATABASE_KILL));

    @Test
    @DisabledIfSystemProperty(named = KEPT, matches = ".+")
    @DisplayName("has an order of events that explains every answer, with SQLite")
    void sqlite(@TempDir Path folder) throws Exception {
        try (Stores stores = Stores.onDiskIn(folder)) {
            run(Rounds.on(stores, folder, SEED), stores, ON_SQLITE);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisabledIfSystemProperty(named = KEPT, matches = ".+")
    @DisplayName("has an order of events that explains every answer, with SQLite on a disk whose power is cut")
    void powerCuts(VolatileDisk.FileSystem fileSystem, @TempDir Path folder) throws Exception {
        Optional<VolatileDisk> disk = VolatileDisk.in(folder.resolve("volatile"), fileSystem);
        assumeThat(disk).as("a disk of nbdkit, mounted as root").isPresent();
        try (Stores stores = Stores.on(disk.orElseThrow())) {
            run(Rounds.on(stores, folder, SEED), stores, ON_VOLATILE_DISK);
        }
    }

    @Test
    @DisabledIfSystemProperty(named = KEPT, matches = ".+")
    @DisplayName("has an order of events that explains every answer, with PostgreSQL")
    void postgres(@TempDir Path folder) throws Exception {
        Path data = Files.createDirectory(folder.resolve("postgres"));
        allowPostgresInto(folder);
        try (Stores stores = Stores.on(PostgresServer.startedIn(data))) {
            run(Rounds.on(stores, folder, SEED), stores, ON_POSTGRES);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = KEPT, matches = ".+")
    @DisplayName("has an order of events that explains every answer, when it was kept in a file")
    void kept() throws Exception {
        History history = History.read(Path.of(System.getProperty(KEPT)));

        assertThat(HistoryChecker.check(history)).isEqualTo(new Verdict.Explained());
    }

    /** The server runs as another user if the test runs as root. */
    private static void allowPostgresInto(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void run(Rounds rounds, Stores stores, List<RoundPlan> fixed) throws IOException {
        rounds.run(ROUNDS == 0 ? fixed.stream().filter(stores::supports).toList() : campaign(stores));

        System.out.print(rounds.summary());
        assertThat(rounds.violations()).isEmpty();
        assertThat(rounds.undecided()).isLessThanOrEqualTo(1 + ROUNDS / 50);
        assertThat(rounds.missedFailpoints()).isEmpty();
    }

    /** The plans of a campaign, each as often as the others. */
    private static List<RoundPlan> campaign(Stores stores) {
        List<RoundPlan> shuffled = new ArrayList<>(RoundPlan.all().stream()
                .filter(plan -> stores.supports(plan) && plan.name().contains(ONLY))
                .toList());
        assumeThat(shuffled)
                .as("rounds named '%s' on %s", ONLY, stores.database())
                .isNotEmpty();
        Collections.shuffle(shuffled, new Random(SEED));
        return IntStream.range(0, ROUNDS)
                .mapToObj(i -> shuffled.get(i % shuffled.size()))
                .toList();
    }
}
