package dev.reverie.gpu.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import dev.reverie.gpu.tensor.nd4j.Nd4jEngine.CpuPlatform;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The engine on ND4J")
class Nd4jEngineTest {

    @Test
    @DisplayName("that cannot be loaded names the engine to use instead: the CPU instead of a GPU, or libtorch")
    void namesAnotherEngine() {
        Throwable failure = new ExceptionInInitializerError(new UnsatisfiedLinkError("no library"));

        assertThat(Nd4jEngine.notLoaded(failure, true))
                .isEqualTo("the numerical library could not be loaded on this machine: no library; set"
                        + " REVERIE_ENGINE=nd4j to use the CPU");
        assertThat(Nd4jEngine.notLoaded(failure, false))
                .isEqualTo("the numerical library could not be loaded on this machine: no library; ND4J runs on 64-bit"
                        + " Linux on x86 or Arm: elsewhere, set REVERIE_ENGINE=torch");
    }

    @Test
    @DisplayName("describes the same binaries for logs as in its details")
    void describesItsBinaries() {
        Nd4jEngine engine = new Nd4jEngine();

        assertThat(engine.description())
                .startsWith("nd4j-")
                .endsWith(engine.details().build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "avx2 fma avx512f avx512dq avx512bw avx512vl avx512cd | -onednn-avx512 -onednn-avx2 ''",
                "avx2 fma avx512f | -onednn-avx2 ''",
                "sse4_2 | ''"
            })
    @DisplayName("prefers the binaries with the most instructions that the processor has, and others as a fallback")
    void binaries(String flags, String extensions) {
        CpuPlatform platform = new CpuPlatform("linux-x86_64", Set.of(flags.split(" ")));

        assertThat(String.join(" ", platform.extensions())).isEqualTo(extensions.replace("''", ""));
    }

    @ParameterizedTest
    @CsvSource({"3,7", "7,0", "8,6", "8,9"})
    @DisplayName("accepts a GPU that the CUDA 11.6 binaries support")
    void acceptsServedGpus(int major, int minor) {
        assertThat(unusable(major, minor)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3,5", "9,0", "10,0", "12,0"})
    @DisplayName("refuses an older or newer GPU in one sentence that names its compute capability")
    void refusesOtherGpus(int major, int minor) {
        assertThat(unusable(major, minor)).hasValueSatisfying(reason -> assertThat(reason)
                .contains("compute capability " + major + "." + minor)
                .contains("3.7 to 8.9")
                .doesNotContain("\n"));
    }

    @Test
    @DisplayName("refuses a machine without a driver, or whose driver finds no device")
    void refusesNone() {
        assertThat(Nd4jEngine.problem(Optional.empty()))
                .hasValue("no usable GPU: the NVIDIA driver (libcuda.so.1) is not installed on this machine");
        assertThat(Nd4jEngine.problem(Optional.of(
                        new NvidiaDriver(Optional.empty(), Optional.empty(), List.of(), Optional.of("it finds none")))))
                .hasValue("no usable GPU: it finds none");
    }

    private static Optional<String> unusable(int major, int minor) {
        return Nd4jEngine.problem(Optional.of(new NvidiaDriver(
                Optional.empty(),
                Optional.of("12.4"),
                List.of(new Gpu("NVIDIA card", major, minor, 1L << 33)),
                Optional.empty())));
    }
}
