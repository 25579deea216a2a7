package dev.reverie.deploy.history.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.PostgresServer;
import dev.reverie.deploy.history.DeliveryRule;
import dev.reverie.deploy.history.faults.Failpoint;
import dev.reverie.deploy.history.faults.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The history of a service in which faults occur")
class HistoryIT {

    /** Rounds of the long run; 0 for one round with each failpoint. */
    private static final int ROUNDS = Integer.getInteger("reverie.history.rounds", 0);

    private static final long SEED = Long.getLong("reverie.history.seed", 32);

    /** Failpoint and fault of all rounds of the long run, for example {@code FILE_WRITE ERROR}; empty for all. */
    private static final String ONLY = System.getProperty("reverie.history.only", "");

    private static final List<RoundPlan> ON_POSTGRES = List.of(
            new RoundPlan(Failpoint.BEFORE_COMMIT, Fault.FREEZE),
            new RoundPlan(Failpoint.AFTER_COMMIT, Fault.KILL),
            new RoundPlan(Failpoint.BEFORE_COMMIT, Fault.DATABASE_KILL));

    @Test
    @DisplayName("has an order of events that explains every answer, with H2")
    void h2(@TempDir Path folder) throws Exception {
        Rounds rounds = Rounds.onH2(folder, DeliveryRule.WHOLE);

        rounds.run(ROUNDS == 0 ? killsAtAllFailpoints() : roundRobin(RoundPlan.all(false)));

        System.out.print(rounds.table());
        assertThat(rounds.violations()).isEmpty();
    }

    @Test
    @DisplayName("has an order of events that explains every answer, with PostgreSQL")
    void postgres(@TempDir Path folder) throws Exception {
        Path data = Files.createDirectory(folder.resolve("postgres"));
        allowPostgresInto(folder);
        try (PostgresServer server = PostgresServer.startedIn(data)) {
            Rounds rounds = Rounds.onPostgres(folder, server, DeliveryRule.WHOLE);

            rounds.run(ROUNDS == 0 ? ON_POSTGRES : roundRobin(RoundPlan.all(true)));

            System.out.print(rounds.table());
            assertThat(rounds.violations()).isEmpty();
        }
    }

    /** The server runs as another user if the test runs as root. */
    private static void allowPostgresInto(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static List<RoundPlan> killsAtAllFailpoints() {
        return Stream.of(Failpoint.values())
                .map(failpoint -> new RoundPlan(failpoint, Fault.KILL))
                .toList();
    }

    private static List<RoundPlan> roundRobin(List<RoundPlan> all) {
        List<RoundPlan> shuffled = new ArrayList<>(
                all.stream().filter(plan -> plan.name().contains(ONLY)).toList());
        Collections.shuffle(shuffled, new Random(SEED));
        return IntStream.range(0, ROUNDS)
                .mapToObj(i -> shuffled.get(i % shuffled.size()))
                .toList();
    }
}
