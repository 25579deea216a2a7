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
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A store whose file is damaged")
class StoreDamageTest {

    private static final int CLASSES = 6;
    private static final int EVENTS = 20;
    private static final int ROUNDS = Integer.getInteger("reverie.damage.rounds", 60);
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
        fill(folder.resolve("whole"), folder.resolve("killed"));
        Files.delete(folder.resolve("whole/lock"));
        Map<Outcome, Integer> outcomes = outcomes(folder, "whole", Store.FILE);
        reporter.publishEntry("stopped stores", outcomes.toString());
        assertThat(outcomes).containsOnlyKeys(Outcome.REFUSED, Outcome.NAMED, Outcome.WHOLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {Store.FILE, Store.FILE + "-wal"})
    @DisplayName("after a kill is refused and unchanged, names the damaged classes or the lost writes, or lost nothing")
    void losesNothingSilentlyAfterKills(String damaged, @TempDir Path folder, TestReporter reporter) throws Exception {
        fill(folder.resolve("whole"), folder.resolve("killed"));
        Map<Outcome, Integer> outcomes = outcomes(folder, "killed", damaged);
        reporter.publishEntry("killed stores, " + damaged, outcomes.toString());
        assertThat(outcomes).containsKey(Outcome.NAMED);
    }

    /** Opens a store in many copies of which one file is damaged at random places. */
    private static Map<Outcome, Integer> outcomes(Path folder, String original, String damaged) throws Exception {
        Map<Outcome, Integer> outcomes = new HashMap<>();
        SplittableRandom random = new SplittableRandom(23);
        byte[] whole = Files.readAllBytes(folder.resolve(original).resolve(damaged));
        for (int round = 0; round < ROUNDS; round++) {
            Path copy = folder.resolve("copy-" + round);
            StoreFile.copyKilled(folder.resolve(original), copy);
            Files.write(copy.resolve(damaged), damage(whole, random));
            outcomes.merge(open(copy), 1, Integer::sum);
        }
        return outcomes;
    }

    private static byte[] damage(byte[] whole, SplittableRandom random) {
        byte[] damaged = whole.clone();
        switch (random.nextInt(3)) {
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

    private static Outcome open(Path folder) throws IOException, SQLException {
        Files.createFile(folder.resolve("lock"));
        Map<String, byte[]> before = contents(folder);
        Optional<OfflineCheck.Report> report = check(folder);
        assertThat(contents(folder)).as("after the check").containsExactlyInAnyOrderEntriesOf(before);
        try (Store store = Store.inFolder(folder)) {
            Set<String> named = store.damage().reasons().keySet();
            report.ifPresent(
                    found -> assertThat(found.damage().reasons().keySet()).containsAll(named));
            if (report.filter(OfflineCheck.Report::lostWrites).isPresent()) {
                return Outcome.NAMED;
            }
            Set<String> lost = lost(folder);
            lost.removeAll(named);
            assertThat(lost).as("classes that lost events silently").isEmpty();
            return named.isEmpty() ? Outcome.WHOLE : Outcome.NAMED;
        } catch (StoreException refused) {
            assertThat(contents(folder)).as("after the refusal").containsExactlyInAnyOrderEntriesOf(before);
            return Outcome.REFUSED;
        }
    }

    /** The contents of the files in a folder by their names. */
    private static Map<String, byte[]> contents(Path folder) throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                contents.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    /** What a check finds; empty if it cannot read the store. */
    private static Optional<OfflineCheck.Report> check(Path folder) {
        try {
            return Optional.of(new OfflineCheck("store", "registry", (rows, total) -> {}).inFolder(folder));
        } catch (StoreException unreadable) {
            return Optional.empty();
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
        try (PreparedStatement select = connection.prepareStatement("SELECT sequence_number, event_payload FROM"
                + " event_journal WHERE persistence_id = ? ORDER BY sequence_number")) {
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
        } catch (SQLException unreadable) {
            return false;
        }
    }

    private static byte[] payload(int number, int event) {
        SplittableRandom random = new SplittableRandom(number * 1000L + event);
        byte[] payload = new byte[random.nextInt(50, 9_000)];
        random.nextBytes(payload);
        return payload;
    }

    /** Fills a store, copies its files as after a kill, and stops it. */
    private static void fill(Path folder, Path killed) throws SQLException, IOException {
        try (Store store = Store.inFolder(folder);
                Connection connection = StoreFile.in(folder).connect()) {
            assertThat(store.damage()).isEqualTo(StoreDamage.NONE);
            for (int event = 1; event <= EVENTS; event++) {
                for (int number = 0; number < CLASSES; number++) {
                    JournalInsert.event(connection, "class|" + number, event, payload(number, event));
                }
                if (event == EVENTS / 2) {
                    Upkeep.emptyLog(connection);
                }
            }
            StoreFile.copyKilled(folder, killed);
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
}
