package dev.reverie.actors.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes the golden file of a new format: {@code java -cp <test class path> dev.reverie.actors.backup.GoldenBackup
 * src/test/resources/dev/reverie/actors/backup/backup-format-N.bin}. Does not overwrite files, because the file of an
 * old format proves that it can still be read.
 */
final class GoldenBackup {

    private GoldenBackup() {}

    public static void main(String[] args) throws IOException {
        Files.write(Path.of(args[0]), Backups.complete(), StandardOpenOption.CREATE_NEW);
    }
}
