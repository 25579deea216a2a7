package dev.reverie.gpu.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {

    @Test
    @DisplayName("a processor with AVX-512 gets the AVX-512 binaries, and others as a fallback")
    void prefersAvx512() {
        CpuPlatform platform = new CpuPlatform(
                "linux-x86_64", Set.of("avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"));

        assertThat(platform.extensions()).containsExactly("-onednn-avx512", "-onednn-avx2", "");
    }

    @Test
    @DisplayName("a processor with part of AVX-512 gets the AVX2 binaries")
    void needsAllOfAvx512() {
        CpuPlatform platform = new CpuPlatform("linux-x86_64", Set.of("avx2", "fma", "avx512f"));

        assertThat(platform.extensions()).containsExactly("-onednn-avx2", "");
    }

    @Test
    @DisplayName("any other processor gets the plain binaries")
    void fallsBackToPlain() {
        assertThat(new CpuPlatform("linux-x86_64", Set.of("sse4_2")).extensions())
                .containsExactly("");
        assertThat(new CpuPlatform("linux-arm64", Set.of()).extensions()).containsExactly("");
    }

    @ParameterizedTest
    @CsvSource({"3,7", "7,0", "8,6", "8,9"})
    @DisplayName("a GPU that the CUDA 11.6 binaries support is accepted")
    void acceptsServedGpus(int major, int minor) {
        assertThat(CudaProbe.verdict(major, minor)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"9,0", "10,0", "12,0"})
    @DisplayName("a newer GPU is refused in one sentence that names its compute capability")
    void refusesNewerGpus(int major, int minor) {
        assertThat(CudaProbe.verdict(major, minor)).hasValueSatisfying(reason -> assertThat(reason)
                .contains("compute capability " + major + "." + minor)
                .contains("3.7 to 8.9")
                .doesNotContain("\n"));
    }
}
