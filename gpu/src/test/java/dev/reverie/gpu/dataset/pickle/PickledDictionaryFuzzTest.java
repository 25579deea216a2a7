package dev.reverie.gpu.dataset.pickle;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of pickles reads or refuses any bytes")
class PickledDictionaryFuzzTest {

    @FuzzTest
    @DisplayName("as a dictionary, without executing code")
    void pickle(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(
                () -> PickledDictionary.read(new ByteArrayInputStream(content)), PickleException.class);
    }
}
