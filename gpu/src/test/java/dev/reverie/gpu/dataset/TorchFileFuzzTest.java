package dev.reverie.gpu.dataset;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The reader of PyTorch's files reads or refuses any bytes")
class TorchFileFuzzTest {

    private static final int ITEM_BYTES = 96;

    @TempDir
    static Path folder = Path.of("");

    @FuzzTest
    @DisplayName("as an archive, or as the pickle in an archive whose checksums are correct")
    void archive(byte[] content) throws Exception {
        Path file = folder.resolve("set.pt");
        if (content.length > 0 && content[0] == 'P') {
            Files.write(file, content);
        } else {
            writeArchive(file, content);
        }

        UntrustedInput.readOrRefused(() -> TorchFile.read(file), DatasetException.class);
    }

    private static void writeArchive(Path file, byte[] pickle) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("set/data.pkl"));
            zip.write(pickle);
            for (int key = 0; key < 3; key++) {
                zip.putNextEntry(new ZipEntry("set/data/" + key));
                zip.write(new byte[ITEM_BYTES]);
            }
        }
    }
}
