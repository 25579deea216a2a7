package dev.reverie.gpu.dataset.published;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The reader of MNIST's files reads or refuses any bytes")
class IdxFuzzTest {

    private static final ImageShape SHAPE = new ImageShape(1, 2, 2);

    @TempDir
    static Path folder = Path.of("");

    @FuzzTest
    @DisplayName("as labels and as images, compressed or not")
    void file(byte[] content) throws Exception {
        Path file = Files.write(folder.resolve("file"), content);
        UntrustedInput.readOrRefused(() -> IdxDataset.labels(file, 10), DatasetException.class);
        UntrustedInput.readOrRefused(() -> IdxDataset.images(file, SHAPE), DatasetException.class);
    }
}
