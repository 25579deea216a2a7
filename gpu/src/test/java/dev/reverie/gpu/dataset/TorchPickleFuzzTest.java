package dev.reverie.gpu.dataset;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of PyTorch's pickles reads or refuses any bytes")
class TorchPickleFuzzTest {

    @FuzzTest
    @DisplayName("as tensors")
    void tensors(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(() -> TorchPickle.tensors(content, 2), FileFormatException.class);
    }
}
