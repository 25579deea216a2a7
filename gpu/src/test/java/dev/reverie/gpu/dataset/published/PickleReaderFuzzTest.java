package dev.reverie.gpu.dataset.published;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of pickles reads or refuses any bytes")
class PickleReaderFuzzTest {

    @FuzzTest
    @DisplayName("as a dictionary, without executing code")
    void pickle(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(
                () -> new PickleReader(new ByteArrayInputStream(content)).read(), FileFormatException.class);
    }
}
