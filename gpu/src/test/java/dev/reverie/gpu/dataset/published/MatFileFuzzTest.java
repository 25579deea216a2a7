package dev.reverie.gpu.dataset.published;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of MAT-files reads or refuses any bytes")
class MatFileFuzzTest {

    @FuzzTest
    @DisplayName("as named arrays of bytes")
    void file(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(() -> count(content), FileFormatException.class);
    }

    private static long count(byte[] content) throws Exception {
        AtomicLong count = new AtomicLong();
        MatFile.read(
                new ByteArrayInputStream(content),
                (_, _, values) -> count.addAndGet(values.transferTo(OutputStream.nullOutputStream())));
        return count.get();
    }
}
