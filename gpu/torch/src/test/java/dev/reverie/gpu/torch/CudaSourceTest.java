package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.nvidia.CudaCompiler;
import dev.reverie.gpu.nvidia.Gpu;
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
    @CsvSource({"7,5,float", "8,0,double", "8,6,float", "9,0,float", "9,0,double"})
    @DisplayName("compile for GPUs from Turing on, in both precisions")
    void compile(int major, int minor, String real) {
        assertThat(compiled(CudaKernels.source(), major, minor, real)).isNotEmpty();
    }

    @Test
    @DisplayName("are refused with the message of the compiler if they have an error")
    void refused() {
        assertThatThrownBy(() -> compiled("oops", 9, 0, "float"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the CUDA compiler refuses the program")
                .hasMessageContaining("error");
    }

    private static byte[] compiled(String source, int major, int minor, String real) {
        Gpu gpu = new Gpu("card", major, minor, 1L << 34);
        return CudaCompiler.ofThisMachine().orElseThrow().compile(source, gpu, List.of("Real=" + real));
    }
}
