package dev.reverie.gpu.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

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
}
