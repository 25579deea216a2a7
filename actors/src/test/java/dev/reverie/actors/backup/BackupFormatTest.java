package dev.reverie.actors.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.store.StoredRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A backup as bytes")
class BackupFormatTest {

    /** Each was written by {@link GoldenBackup} when its format was introduced, and never changed. */
    private static final List<String> GOLDEN = List.of("backup-format-1.bin", "backup-format-2.bin");

    /** Number of random damages that are tried. */
    private static final int DAMAGES = 200;

    private final byte[] bytes = Backups.complete();

    @Test
    @DisplayName("is read as it was written")
    void readsBack() throws IOException {
        BackupReader backup = Backups.reader(bytes);

        assertThat(backup.header()).isEqualTo(Backups.HEADER);
        assertThat(Backups.rowsOf(backup)).isEqualTo(Backups.rows());
        assertThat(backup.verify()).isEqualTo(new BackupSummary(Backups.HEADER, 2, 11, 2, bytes.length));
    }

    @Test
    @DisplayName("of each format so far can be read")
    void readsGoldenBytes() throws IOException {
        for (String file : GOLDEN) {
            try (InputStream golden = Objects.requireNonNull(getClass().getResourceAsStream(file))) {
                assertThat(Backups.rowsOf(new BackupReader(golden, file)))
                        .as(file)
                        .isEqualTo(Backups.rows());
            }
        }
    }

    @Test
    @DisplayName("has the bytes of its format")
    void writesGoldenBytes() throws IOException {
        try (InputStream golden = Objects.requireNonNull(getClass().getResourceAsStream(GOLDEN.getLast()))) {
            assertThat(golden).hasBinaryContent(bytes);
        }
    }

    @Test
    @DisplayName("may have fillers before any record, which mean nothing")
    void skipsFillers() throws IOException {
        BackupEncoder encoder = new BackupEncoder();
        ByteArrayOutputStream slow = new ByteArrayOutputStream();
        slow.writeBytes(encoder.begin());
        slow.writeBytes(new byte[] {0, 0, 0});
        slow.writeBytes(encoder.header(Backups.HEADER));
        for (StoredRow row : Backups.rows()) {
            slow.write(0);
            slow.writeBytes(encoder.row(row));
        }
        slow.write(0);
        slow.writeBytes(encoder.end());

        assertThat(Backups.rowsOf(Backups.reader(slow.toByteArray()))).isEqualTo(Backups.rows());
    }

    @Test
    @DisplayName("is refused if it was truncated anywhere, or a bit anywhere was flipped")
    void refusesTruncationsAndFlippedBits() {
        for (int at = 0; at < bytes.length; at++) {
            byte[] flipped = bytes.clone();
            flipped[at] ^= 16;
            requireRefused(Arrays.copyOf(bytes, at), "truncated to " + at + " bytes");
            requireRefused(flipped, "bit flipped in byte " + at);
        }
    }

    private static void requireRefused(byte[] damaged, String damage) {
        assertThatThrownBy(() -> Backups.reader(damaged).verify()).as(damage).isInstanceOf(BackupException.class);
    }

    @Test
    @DisplayName("is refused after each of 200 random damages: overwritten, removed, repeated and swapped ranges")
    void refusesRandomDamages() {
        SplittableRandom random = new SplittableRandom(7);
        for (int damage = 0; damage < DAMAGES; damage++) {
            requireRefused(damaged(random), "damage " + damage);
        }
    }

    /** Returns the bytes with one random range overwritten with zeros or noise, removed, repeated or swapped. */
    private byte[] damaged(SplittableRandom random) {
        while (true) {
            int from = random.nextInt(bytes.length);
            int to = from + 1 + random.nextInt(Math.min(1_500, bytes.length - from));
            byte[] range = Arrays.copyOfRange(bytes, from, to);
            byte[] noise = new byte[to - from];
            random.nextBytes(noise);
            byte[] result =
                    switch (random.nextInt(5)) {
                        case 0 -> replaced(from, to, new byte[to - from]);
                        case 1 -> replaced(from, to, noise);
                        case 2 -> replaced(from, to, new byte[0]);
                        case 3 -> replaced(from, from, range);
                        default -> replaced(from, to, reversed(range));
                    };
            if (!Arrays.equals(result, bytes)) {
                return result;
            }
        }
    }

    private byte[] replaced(int from, int to, byte[] replacement) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        result.write(bytes, 0, from);
        result.writeBytes(replacement);
        result.write(bytes, to, bytes.length - to);
        return result.toByteArray();
    }

    private static byte[] reversed(byte[] range) {
        byte[] reversed = new byte[range.length];
        for (int at = 0; at < range.length; at++) {
            reversed[at] = range[range.length - 1 - at];
        }
        return reversed;
    }

    @Test
    @DisplayName("is refused with the number of bytes before its first damaged record")
    void locatesDamage() {
        BackupEncoder encoder = new BackupEncoder();
        ByteArrayOutputStream malformed = new ByteArrayOutputStream();
        malformed.writeBytes(encoder.begin());
        malformed.writeBytes(encoder.header(Backups.HEADER));
        int whole = malformed.size();
        malformed.writeBytes(BackupFormat.frame(1, BackupFormat.EVENT, new byte[] {0, 9}));

        assertThatThrownBy(() -> Backups.reader(malformed.toByteArray()).verify())
                .isInstanceOf(BackupException.class)
                .hasMessage("the backup nightly is damaged after " + whole
                        + " bytes: use another backup or another copy of it");
    }

    @Test
    @DisplayName("is refused with bytes after its end")
    void refusesAppendedBytes() {
        assertThatThrownBy(() ->
                        Backups.reader(Arrays.copyOf(bytes, bytes.length + 1)).verify())
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("is damaged after " + bytes.length + " bytes");
    }

    @Test
    @DisplayName("in a later format is refused with a message that names the formats")
    void refusesLaterFormats() {
        byte[] later = bytes.clone();
        later[BackupFormat.PREFIX - 1] = 3;

        assertThatThrownBy(() -> Backups.reader(later))
                .isInstanceOf(BackupException.class)
                .hasMessage(
                        "the backup nightly has format 3, but this program reads only formats up to 2: use the version of"
                                + " Reverie that wrote it, or another backup if it is damaged");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("that the service could not begin or complete is refused with the reason")
    void tellsWhyItIsIncomplete(boolean begun) {
        BackupEncoder encoder = new BackupEncoder();
        ByteArrayOutputStream aborted = new ByteArrayOutputStream();
        aborted.writeBytes(encoder.begin());
        if (begun) {
            aborted.writeBytes(encoder.header(Backups.HEADER));
            aborted.writeBytes(encoder.row(Backups.rows().getFirst()));
        }
        aborted.writeBytes(encoder.abort("the class 'cat' is damaged: forget it"));

        requireIncomplete(aborted, "the class 'cat' is damaged: forget it");
    }

    @Test
    @DisplayName("that the service could not begin is refused with the first part of a very long reason")
    void cutsLongReasons() {
        BackupEncoder encoder = new BackupEncoder();
        ByteArrayOutputStream aborted = new ByteArrayOutputStream();
        aborted.writeBytes(encoder.begin());
        aborted.writeBytes(encoder.abort("\u20ac".repeat(100_000)));

        requireIncomplete(aborted, "\u20ac".repeat(800) + "...");
    }

    private static void requireIncomplete(ByteArrayOutputStream backup, String reason) {
        assertThatThrownBy(() -> Backups.reader(backup.toByteArray()).verify())
                .isInstanceOf(BackupException.class)
                .hasMessage("the backup nightly is not complete: " + reason);
    }

    @Test
    @DisplayName("is told from other files")
    void refusesOtherFiles() {
        assertThatThrownBy(() -> Backups.reader("something else".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BackupException.class)
                .hasMessage("the file nightly is not a backup of Reverie: name a file that backup or store export"
                        + " wrote");
    }
}
