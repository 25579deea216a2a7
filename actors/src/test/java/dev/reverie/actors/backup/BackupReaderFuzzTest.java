package dev.reverie.actors.backup;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of backups reads or refuses any bytes")
class BackupReaderFuzzTest {

    private static final byte[] TYPES = {
        BackupFormat.HEADER, BackupFormat.EVENT, BackupFormat.SNAPSHOT, BackupFormat.END, BackupFormat.ABORTED
    };

    @FuzzTest
    @DisplayName("as a backup of a store, and as a record of each type whose checksums are right")
    void backup(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(() -> rows(content), BackupException.class);
        for (byte type : TYPES) {
            byte[] framed = withRecord(type, content);
            UntrustedInput.readOrRefused(() -> rows(framed), BackupException.class);
        }
    }

    /** Returns a backup whose only record, or the one after its header, has this body. */
    private static byte[] withRecord(byte type, byte[] body) {
        BackupEncoder encoder = new BackupEncoder();
        ByteArrayOutputStream backup = new ByteArrayOutputStream();
        backup.writeBytes(encoder.begin());
        if (type == BackupFormat.HEADER) {
            backup.writeBytes(BackupFormat.frame(0, type, body));
        } else {
            backup.writeBytes(encoder.header(Backups.HEADER));
            backup.writeBytes(BackupFormat.frame(1, type, body));
        }
        return backup.toByteArray();
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
