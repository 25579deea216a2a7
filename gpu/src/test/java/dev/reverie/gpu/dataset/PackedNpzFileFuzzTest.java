package dev.reverie.gpu.dataset;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of packed images reads or refuses any bytes")
class PackedNpzFileFuzzTest {

    @FuzzTest
    @DisplayName("as a file of stored images")
    void stored(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(
                () -> PackedNpzFile.read(content, "the file", (stored, factor, soft, bytes) -> stored),
                DatasetException.class);
    }
}
