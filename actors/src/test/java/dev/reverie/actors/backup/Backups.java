package dev.reverie.actors.backup;

import dev.reverie.actors.store.StoredRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.apache.pekko.util.ByteString;

/** Backups for tests. */
final class Backups {

    static final BackupSummary.Header HEADER = new BackupSummary.Header(
            Instant.parse("2026-03-01T12:00:00.123Z"),
            1,
            OptionalInt.of(2),
            rows().stream().mapToLong(row -> row.payload().size()).sum());

    /** The order of the rows in a backup of a store. */
    static final Comparator<StoredRow> ORDER = Comparator.comparing(StoredRow::persistenceId)
            .thenComparing(StoredRow.Event.class::isInstance)
            .thenComparing(StoredRow::sequenceNumber);

    private Backups() {}

    /** Rows of the registry and of two classes, the same in each call. */
    static List<StoredRow> rows() {
        SplittableRandom random = new SplittableRandom(5);
        List<StoredRow> rows = new ArrayList<>();
        rows.add(event("registry", 1, payload(random, 40)));
        for (int index = 0; index < 2; index++) {
            String owner = "class|" + index;
            rows.add(new StoredRow.Snapshot(owner, 3, 1_000, 52_837, "class-state:1", payload(random, 2_000)));
            for (int number = 4; number < 9; number++) {
                rows.add(event(owner, number, payload(random, random.nextInt(600))));
            }
        }
        return rows;
    }

    private static StoredRow event(String owner, long number, ByteString payload) {
        return new StoredRow.Event(
                owner, number, false, "wr\u00eft\u00ebr", 2_000, "", 52_837, "samples-admitted:1", payload);
    }

    private static ByteString payload(SplittableRandom random, int length) {
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        return ByteString.fromArrayUnsafe(payload);
    }

    /** Returns a complete backup of {@link #rows}. */
    static byte[] complete() {
        return of(rows());
    }

    /** Returns a complete backup of these rows. */
    static byte[] of(List<StoredRow> rows) {
        long payloadBytes = rows.stream().mapToLong(row -> row.payload().size()).sum();
        BackupEncoder encoder = new BackupEncoder();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(encoder.begin());
        bytes.writeBytes(encoder.header(
                new BackupSummary.Header(HEADER.taken(), HEADER.storeFormat(), HEADER.factor(), payloadBytes)));
        rows.forEach(row -> bytes.writeBytes(encoder.row(row)));
        bytes.writeBytes(encoder.end());
        return bytes.toByteArray();
    }

    static BackupReader reader(byte[] bytes) throws IOException {
        return new BackupReader(new ByteArrayInputStream(bytes), "nightly");
    }

    static List<StoredRow> rowsOf(BackupReader backup) throws IOException {
        List<StoredRow> rows = new ArrayList<>();
        for (Optional<StoredRow> row = backup.next(); row.isPresent(); row = backup.next()) {
            rows.add(row.get());
        }
        return rows;
    }
}
