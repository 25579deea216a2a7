package dev.reverie.gpu.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.nvidia.CudaLibrary.CallException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Compiled code on a GPU")
class CudaModuleTest {

    @Test
    @DisplayName("distinguishes a lack of memory from other errors of the driver")
    void full() {
        assertThat(CudaModule.isFull(new CallException("descend", 2))).isTrue();
        assertThat(CudaModule.isFull(new CallException("descend", 700))).isFalse();
        assertThat(CudaModule.isFull(new IllegalStateException("this machine has no NVIDIA driver")))
                .isFalse();
    }
}
