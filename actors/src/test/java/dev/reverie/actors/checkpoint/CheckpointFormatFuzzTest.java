package dev.reverie.actors.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of checkpoints reads or refuses any bytes")
class CheckpointFormatFuzzTest {

    private static final Path ORIGIN = Path.of("checkpoint");
    private static final byte[] SOUND = Checkpoints.bytes(Checkpoints.sample());

    /** Bytes of the header: the magic number and version, the length of the body, and its checksum. */
    private static final int CHECKSUM = 4;

    private static final int HEADER = headerLength();

    @FuzzTest
    @DisplayName("as a file, and as a body whose length and checksum are right")
    void checkpoint(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(() -> CheckpointFormat.decode(content, ORIGIN), CheckpointException.class);
        UntrustedInput.readOrRefused(() -> CheckpointFormat.decode(framed(content), ORIGIN), CheckpointException.class);
    }

    private static byte[] framed(byte[] body) {
        CRC32C checksum = new CRC32C();
        checksum.update(CheckpointFormat.VERSION);
        checksum.update(body);
        return ByteBuffer.allocate(HEADER + body.length)
                .put(SOUND, 0, HEADER - Integer.BYTES - CHECKSUM)
                .putInt(body.length)
                .putInt((int) checksum.getValue())
                .put(body)
                .array();
    }

    private static int headerLength() {
        for (int header = Integer.BYTES; header < SOUND.length; header++) {
            CRC32C checksum = new CRC32C();
            checksum.update(CheckpointFormat.VERSION);
            checksum.update(SOUND, header, SOUND.length - header);
            if (ByteBuffer.wrap(SOUND).getInt(header - CHECKSUM) == (int) checksum.getValue()) {
                return header;
            }
        }
        throw new IllegalStateException("no header in " + Arrays.toString(SOUND));
    }
}
