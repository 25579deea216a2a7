package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The kernels in CUDA C++, where CUDA's compiler library is installed,")
@EnabledIf("isCompilerInstalled")
class CudaSourceTest {

    static boolean isCompilerInstalled() {
        return CudaCompiler.ofThisMachine().isPresent();
    }

    @ParameterizedTest(name = "{2} on {0}.{1}")
    @CsvSource({"7,5,SINGLE", "8,0,DOUBLE", "8,6,SINGLE", "9,0,SINGLE", "9,0,DOUBLE"})
    @DisplayName("compile for GPUs from Turing on, in both precisions")
    void compile(int major, int minor, Precision precision) {
        assertThat(CudaKernels.code(compiler(), gpu(major, minor), precision)).isNotEmpty();
    }

    @Test
    @DisplayName("are refused with the message of the compiler if they have an error")
    void refused() {
        assertThatThrownBy(() -> compiler().compile("oops", gpu(9, 0), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the CUDA compiler refuses the program")
                .hasMessageContaining("error");
    }

    private static CudaCompiler compiler() {
        return CudaCompiler.ofThisMachine().orElseThrow();
    }

    private static Gpu gpu(int major, int minor) {
        return new Gpu("card", major, minor, 1L << 34);
    }
}
