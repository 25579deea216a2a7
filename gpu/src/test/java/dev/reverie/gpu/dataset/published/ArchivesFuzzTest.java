package dev.reverie.gpu.dataset.published;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The readers of archives read or refuse any bytes")
class ArchivesFuzzTest {

    private static final int MAX_BYTES = 1 << 16;

    /** More with Jazzer's hooks, whose checks of paths allocate 300 kB for each member; a normal build has no hooks. */
    private static final long MAX_ALLOCATED =
            "false".equals(System.getenv("JAZZER_HOOKS")) ? UntrustedInput.MAX_ALLOCATED : 2L << 30;

    @TempDir
    static Path folder = Path.of("");

    @FuzzTest
    @DisplayName("as a compressed tar, as the content of one, and as a zip")
    void archive(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(() -> tar(content), DatasetException.class, MAX_ALLOCATED);
        UntrustedInput.readOrRefused(() -> tar(compressed(content)), DatasetException.class, MAX_ALLOCATED);
        UntrustedInput.readOrRefused(() -> zip(content), DatasetException.class, MAX_ALLOCATED);
    }

    private static Path tar(byte[] content) throws Exception {
        Path file = Files.write(folder.resolve("archive.tar.gz"), content);
        TarGz.read(file, (_, member) -> member.readNBytes(MAX_BYTES));
        return file;
    }

    private static Path zip(byte[] content) throws Exception {
        Path file = Files.write(folder.resolve("archive.zip"), content);
        TinyImageNet.TINY_IMAGENET.load(file);
        return file;
    }

    private static byte[] compressed(byte[] content) throws Exception {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(content);
        }
        return compressed.toByteArray();
    }
}
