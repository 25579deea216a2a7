package dev.reverie.actors.backup;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of backups reads or refuses any bytes")
class BackupReaderFuzzTest {

    @FuzzTest
    @DisplayName("as a backup of a store")
    void backup(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(() -> rows(content), BackupException.class);
    }

    private static int rows(byte[] content) throws Exception {
        try (BackupReader reader = new BackupReader(new ByteArrayInputStream(content), "the backup")) {
            int rows = 0;
            while (reader.next().isPresent()) {
                rows++;
            }
            return rows;
        }
    }
}
