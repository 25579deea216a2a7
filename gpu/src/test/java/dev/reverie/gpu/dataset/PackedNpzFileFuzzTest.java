package dev.reverie.gpu.dataset;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The reader of packed images reads or refuses any bytes")
class PackedNpzFileFuzzTest {

    @TempDir
    private Path folder = Path.of("");

    @FuzzTest
    @DisplayName("as a file of stored images")
    void stored(byte[] content) throws Exception {
        Path file = Files.write(folder.resolve("packed.npz"), content);

        UntrustedInput.readOrRefused(
                () -> PackedNpzFile.read(file, (stored, factor, soft, bytes) -> stored), DatasetException.class);
    }
}
