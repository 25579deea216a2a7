package dev.reverie.actors.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of checkpoints reads or refuses any bytes")
class CheckpointFormatFuzzTest {

    private static final Path ORIGIN = Path.of("checkpoint");

    @FuzzTest
    @DisplayName("as a file, and as a body whose length and checksum are right")
    void checkpoint(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(() -> CheckpointFormat.decode(content, ORIGIN), CheckpointException.class);
        byte[] file = Checkpoints.withHeader(content);
        UntrustedInput.readOrRefused(() -> CheckpointFormat.decode(file, ORIGIN), CheckpointException.class);
    }
}
