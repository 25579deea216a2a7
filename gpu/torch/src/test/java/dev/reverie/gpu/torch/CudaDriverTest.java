package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.torch.CudaDriver.CallException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The driver of a GPU")
class CudaDriverTest {

    @Test
    @DisplayName("names the function and the number of an error")
    void error() {
        CudaDriver.check("descend", 0);

        assertThatThrownBy(() -> CudaDriver.check("descend", 700))
                .isInstanceOf(CallException.class)
                .hasMessage("descend answers with error 700");
    }

    @Test
    @DisplayName("distinguishes a lack of memory from other errors")
    void full() {
        assertThat(CudaDriver.isFull(new CallException("descend", 2))).isTrue();
        assertThat(CudaDriver.isFull(new CallException("descend", 700))).isFalse();
        assertThat(CudaDriver.isFull(new IllegalStateException("this machine has no NVIDIA driver")))
                .isFalse();
    }
}
