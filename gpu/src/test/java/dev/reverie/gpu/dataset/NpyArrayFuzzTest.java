package dev.reverie.gpu.dataset;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzException;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of NumPy arrays reads or refuses any bytes")
class NpyArrayFuzzTest {

    private static final int MAX_BYTES = 1 << 20;

    @FuzzTest
    @DisplayName("as numbers, levels or texts")
    void array(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(
                () -> {
                    NpyArray array = NpyArray.readFrom(new ByteArrayInputStream(content), MAX_BYTES);
                    if (array.type().isText()) {
                        return array.toTexts();
                    }
                    return array.type().isInteger()
                            ? array.toDigits()
                            : NpyImages.of(array).batch();
                },
                NpzException.class);
    }
}
