package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.h2.mvstore.db.LobStorageMap;
import org.h2.mvstore.type.LongDataType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store whose file is damaged")
class StoreDamageTest {

    private static final int CLASSES = 6;
    private static final int EVENTS = 20;
    private static final int ROUNDS = Integer.getInteger("reverie.damage.rounds", 60);
    /** The map of the event journal in H2. */
    private static final String EVENTS_MAP = "table.4";

    private static final int LONGEST_RANGE = 16_384;

    /** What the next start does with a damaged store. */
    private enum Outcome {
        REFUSED,
        NAMED,
        WHOLE
    }

    @Test
    @DisplayName("after a clean stop is refused and unchanged, names the damaged classes, or has lost nothing")
    void losesNothingSilently(@TempDir Path folder, TestReporter reporter) throws Exception {
        fill(folder);
        byte[] whole = StoreFile.in(folder).bytes();
        Map<Outcome, Integer> outcomes = outcomes(folder, whole, 3);
        reporter.publishEntry("stopped stores", outcomes.toString());
        assertThat(outcomes).containsOnlyKeys(Outcome.REFUSED, Outcome.NAMED, Outcome.WHOLE);
    }

    @Test
    @DisplayName(
            "after a kill is refused and unchanged, names the damaged classes or the number of lost writes, or has lost nothing")
    void losesNothingSilentlyAfterKills(@TempDir Path folder, TestReporter reporter) throws Exception {
        byte[] inUse = fill(folder);
        Map<Outcome, Integer> outcomes = outcomes(folder, inUse, 2);
        reporter.publishEntry("killed stores", outcomes.toString());
        assertThat(outcomes).containsKeys(Outcome.NAMED, Outcome.WHOLE);
    }

    /** Opens a store in many copies that are damaged at random places. */
    private static Map<Outcome, Integer> outcomes(Path folder, byte[] whole, int kinds) throws Exception {
        Map<Outcome, Integer> outcomes = new HashMap<>();
        SplittableRandom random = new SplittableRandom(23);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = damage(whole, kinds, random);
            StoreFile.in(folder).write(damaged);
            outcomes.merge(open(folder, damaged), 1, Integer::sum);
        }
        return outcomes;
    }

    private static byte[] damage(byte[] whole, int kinds, SplittableRandom random) {
        byte[] damaged = whole.clone();
        switch (random.nextInt(kinds)) {
            case 0 -> damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> {
                int start = random.nextInt(damaged.length);
                int end = Math.min(damaged.length, start + random.nextInt(1, LONGEST_RANGE));
                Arrays.fill(damaged, start, end, (byte) 0);
            }
            default -> damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
        }
        return damaged;
    }

    private static Outcome open(Path folder, byte[] damaged) throws IOException, SQLException {
        List<Path> files = list(folder);
        boolean hasLostWrites = hasLostWrites(folder);
        Optional<CheckReport> report = check(folder);
        assertThat(StoreFile.in(folder).bytes()).isEqualTo(damaged);
        try (Store store = Store.inFolder(folder)) {
            Set<String> named = store.damage().reasons().keySet();
            report.ifPresent(
                    found -> assertThat(found.damage().reasons().keySet()).containsAll(named));
            if (hasLostWrites) {
                report.ifPresent(found -> assertThat(found.lostWrites()).isPositive());
                return Outcome.NAMED;
            }
            Set<String> lost = lost(folder);
            lost.removeAll(named);
            assertThat(lost).as("classes that lost events silently").isEmpty();
            return named.isEmpty() ? Outcome.WHOLE : Outcome.NAMED;
        } catch (StoreException refused) {
            assertThat(StoreFile.in(folder).bytes()).isEqualTo(damaged);
            assertThat(list(folder)).isEqualTo(files);
            return Outcome.REFUSED;
        }
    }

    private static boolean hasLostWrites(Path folder) {
        try {
            return H2TruncationCheck.requireComplete(folder.resolve("reverie.mv.db"), "store")
                            .lostWrites()
                    > 0;
        } catch (StoreException refused) {
            return false;
        }
    }

    /** What a check finds; empty if it cannot read the store. */
    private static Optional<CheckReport> check(Path folder) {
        try {
            return Optional.of(new OfflineCheck("store", "registry", (rows, total) -> {}).inFolder(folder));
        } catch (StoreException unreadable) {
            return Optional.empty();
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Classes whose events are not all as they were written. */
    private static Set<String> lost(Path folder) throws SQLException {
        Set<String> lost = new HashSet<>();
        try (Connection connection = StoreFile.in(folder).connect()) {
            for (int number = 0; number < CLASSES; number++) {
                if (!hasAllEvents(connection, number)) {
                    lost.add("class|" + number);
                }
            }
        }
        return lost;
    }

    private static boolean hasAllEvents(Connection connection, int number) {
        try (PreparedStatement select = connection.prepareStatement("SELECT \"sequence_number\", \"event_payload\" FROM"
                + " \"event_journal\" WHERE \"persistence_id\" = ? ORDER BY \"sequence_number\"")) {
            select.setString(1, "class|" + number);
            try (ResultSet rows = select.executeQuery()) {
                int events = 0;
                while (rows.next()) {
                    events++;
                    if (rows.getLong(1) != events || !Arrays.equals(rows.getBytes(2), payload(number, events))) {
                        return false;
                    }
                }
                return events == EVENTS;
            }
        } catch (SQLException | AssertionError unreadable) {
            return false;
        }
    }

    private static byte[] payload(int number, int event) {
        SplittableRandom random = new SplittableRandom(number * 1000L + event);
        byte[] payload = new byte[random.nextInt(50, 9_000)];
        random.nextBytes(payload);
        return payload;
    }

    /** Fills a store and stops it. Returns its file as it was before it stopped. */
    private static byte[] fill(Path folder) throws SQLException, IOException {
        try (Store store = Store.inFolder(folder);
                Connection connection = StoreFile.in(folder).connect()) {
            assertThat(store.damage()).isEqualTo(StoreDamage.NONE);
            for (int event = 1; event <= EVENTS; event++) {
                for (int number = 0; number < CLASSES; number++) {
                    JournalInsert.event(connection, "class|" + number, event, payload(number, event));
                }
            }
            return StoreFile.in(folder).bytes();
        }
    }

    @Test
    @DisplayName("in very many classes is described by the first of them and the number of the others")
    void namesFirstClasses() {
        Map<String, String> reasons = new HashMap<>();
        for (int number = 0; number < 20_000; number++) {
            reasons.put("class|%05d".formatted(number), "damaged");
        }
        assertThatThrownBy(() -> new StoreDamage(reasons, reasons.keySet()).requireNone("nightly"))
                .hasMessageStartingWith("the store nightly has damaged rows of class|00000, class|00001, class|00002,"
                        + " class|00003, class|00004 and 19995 more: restore it from a backup");
    }

    @Test
    @DisplayName("in the references to large values, to which every read adds, names every class")
    void namesClassesWithUnreadablePayloads(@TempDir Path folder) throws Exception {
        fill(folder);
        StoreFile.in(folder).zeroFirstLeafOf("lobRef", LobStorageMap.BlobReference.Type.INSTANCE);

        try (Store store = Store.inFolder(folder)) {
            assertThat(store.damage().reasons())
                    .containsOnlyKeys("class|0", "class|1", "class|2", "class|3", "class|4", "class|5");
        }
    }

    @Test
    @DisplayName("so that an interrupted change of an index cannot be completed is refused and unchanged")
    void refusesWhatCannotBeRestored(@TempDir Path folder) throws Exception {
        fill(folder);
        try (Connection connection = StoreFile.in(folder).connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE INDEX \"event_journal_rebuilt\" ON \"event_journal\""
                    + " (\"persistence_id\", \"sequence_number\")");
            statement.execute("ALTER TABLE \"event_journal\" DROP PRIMARY KEY");
        }

        StoreFile.in(folder).zeroFirstLeafOf(EVENTS_MAP, LongDataType.INSTANCE);

        assertThat(open(folder, StoreFile.in(folder).bytes())).isEqualTo(Outcome.REFUSED);
    }

    @Test
    @DisplayName("and empty is refused, and no file appears")
    void refusesEmptyFiles(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("reverie.mv.db"));
        assertThatThrownBy(() -> Store.inFolder(folder))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is damaged and cannot be opened; nothing in it was changed");
        assertThat(list(folder)).containsExactly(file);
        assertThat(file).isEmptyFile();
    }
}
