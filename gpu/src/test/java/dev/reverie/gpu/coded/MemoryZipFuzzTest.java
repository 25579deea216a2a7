package dev.reverie.gpu.coded;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.UntrustedInput;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of memories reads or refuses any bytes")
class MemoryZipFuzzTest {

    @FuzzTest
    @DisplayName("as a file of pictures")
    void read(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(() -> MemoryZip.read(content, "the file"), DatasetException.class);
    }
}
