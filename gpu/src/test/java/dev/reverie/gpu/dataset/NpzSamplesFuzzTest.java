package dev.reverie.gpu.dataset;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of NPZ batches reads or refuses any bytes")
class NpzSamplesFuzzTest {

    private static final NpzSamples.Limits LIMITS = new NpzSamples.Limits(100, 1 << 16, 1 << 20);

    @FuzzTest
    @DisplayName("as an archive of images, labels and ids, and as a single array")
    void batch(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(
                () -> NpzSamples.read(content, "the batch", LIMITS, ArrayHints.NONE), DatasetException.class);
        UntrustedInput.readOrRefused(
                () -> NpzSamples.read(content, "the array", "cat", LIMITS, ArrayHints.NONE), DatasetException.class);
    }
}
