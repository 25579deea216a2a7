package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzException;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of NumPy arrays reads or refuses any bytes")
class NpyArrayFuzzTest {

    private static final int MAX_BYTES = 1 << 20;

    @FuzzTest
    @DisplayName("as numbers, texts, or images in every way")
    void array(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(
                () -> {
                    NpyArray array = NpyArray.readFrom(new ByteArrayInputStream(content), MAX_BYTES);
                    if (array.type().isText()) {
                        return array.toTexts();
                    }
                    for (NpyImages reading : NpyImages.readings(array)) {
                        assertThat(reading.images()).hasSize(reading.count());
                        assertThat(reading.batch().count()).isEqualTo(reading.count());
                    }
                    return array.toDigits();
                },
                NpzException.class);
    }
}
