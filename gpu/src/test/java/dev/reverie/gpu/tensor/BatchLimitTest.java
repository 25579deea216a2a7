package dev.reverie.gpu.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.reverie.gpu.CapturedLog;
import dev.reverie.gpu.tensor.Device.DeviceException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The limit on the batches of a device")
class BatchLimitTest {

    @AutoClose
    private final CapturedLog log = new CapturedLog(BatchLimit.class);

    private final RuntimeException full = new RuntimeException("CUDA out of memory\nframe #0: malloc");
    private final BatchLimit limit = new BatchLimit(512);

    @Test
    @DisplayName("becomes half of the batch that did not fit, with a warning that says what to do")
    void halves() {
        limit.lower(300, full);

        assertThat(limit.samples()).isEqualTo(150);
        assertThat(limit.halvings()).isEqualTo(1);
        assertThat(log.take())
                .singleElement(STRING)
                .contains("WARN ", "a batch of 300 images", "at most 150", "nvidia-smi", "(CUDA out of memory)")
                .doesNotContain("frame");
    }

    @Test
    @DisplayName("is lowered once if several engines fail with the same batch")
    void once() {
        limit.lower(300, full);
        limit.lower(300, full);

        assertThat(limit.samples()).isEqualTo(150);
        assertThat(limit.halvings()).isEqualTo(1);
        assertThat(log.take()).hasSize(1);
    }

    @Test
    @DisplayName("is not raised if an engine that began with a larger batch fails later")
    void stays() {
        limit.lower(300, full);
        limit.lower(512, full);

        assertThat(limit.samples()).isEqualTo(150);
        assertThat(limit.halvings()).isEqualTo(1);
        assertThat(log.take()).hasSize(1);
    }

    @Test
    @DisplayName("ends at 16 images, of which no smaller batch is tried")
    void ends() {
        limit.lower(17, full);

        assertThat(limit.samples()).isEqualTo(16);
        assertThatThrownBy(() -> limit.lower(16, full))
                .isInstanceOf(DeviceException.class)
                .hasMessageContainingAll("a batch of 16 images", "nvidia-smi")
                .hasCause(full);
        assertThat(limit.samples()).isEqualTo(16);
        assertThat(limit.halvings()).isEqualTo(1);
    }
}
