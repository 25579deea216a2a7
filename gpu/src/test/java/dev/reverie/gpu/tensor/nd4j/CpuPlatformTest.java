package dev.reverie.gpu.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.tensor.nd4j.Nd4jEngine.CpuPlatform;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A processor")
class CpuPlatformTest {

    @Test
    @DisplayName("with AVX-512 gets the AVX-512 binaries, and others as a fallback")
    void prefersAvx512() {
        CpuPlatform platform = new CpuPlatform(
                "linux-x86_64", Set.of("avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"));

        assertThat(platform.extensions()).containsExactly("-onednn-avx512", "-onednn-avx2", "");
    }

    @Test
    @DisplayName("with part of AVX-512 gets the AVX2 binaries")
    void needsAllOfAvx512() {
        CpuPlatform platform = new CpuPlatform("linux-x86_64", Set.of("avx2", "fma", "avx512f"));

        assertThat(platform.extensions()).containsExactly("-onednn-avx2", "");
    }

    @Test
    @DisplayName("of another kind gets the plain binaries")
    void fallsBackToPlain() {
        assertThat(new CpuPlatform("linux-x86_64", Set.of("sse4_2")).extensions())
                .containsExactly("");
        assertThat(new CpuPlatform("linux-arm64", Set.of()).extensions()).containsExactly("");
    }
}
