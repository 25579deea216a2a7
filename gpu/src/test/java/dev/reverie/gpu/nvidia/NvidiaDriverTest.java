package dev.reverie.gpu.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The NVIDIA driver")
class NvidiaDriverTest {

    private static final int NO_DEVICE = 100;

    @Test
    @DisplayName("names its version, its CUDA, and every card with compute capability and memory")
    void cards() {
        // when
        NvidiaDriver driver = NvidiaDriver.ask(new Cards(2, 0), Optional.of("550.54.15"));

        // then
        assertThat(driver)
                .isEqualTo(new NvidiaDriver(
                        Optional.of("550.54.15"),
                        Optional.of("12.4"),
                        List.of(new Gpu("card 0", 9, 0, 1L << 36), new Gpu("card 1", 9, 0, 1L << 36)),
                        Optional.empty()));
        assertThat(driver.gpus().getFirst().capability()).isEqualTo("9.0");
    }

    @Test
    @DisplayName("without a card, still names its CUDA, and says that there is no device")
    void noCard() {
        NvidiaDriver driver = NvidiaDriver.ask(new Cards(0, 0), Optional.empty());

        assertThat(driver.cuda()).hasValue("12.4");
        assertThat(driver.problem()).hasValue("the NVIDIA driver finds no device on this machine");
    }

    @Test
    @DisplayName("that does not start is described with its error")
    void doesNotStart() {
        NvidiaDriver driver = NvidiaDriver.ask(new Cards(1, NO_DEVICE), Optional.empty());

        assertThat(driver.gpus()).isEmpty();
        assertThat(driver.problem())
                .hasValue("the NVIDIA driver finds no device on this machine (cuInit answers with error 100)");
    }

    @Test
    @DisplayName("is absent where its library is not installed")
    void absent() {
        try (Arena arena = Arena.ofConfined()) {
            assertThat(NativeLibrary.load("libabsent-of-reverie.so.1", arena)).isEmpty();
        }
    }

    /** A driver that finds equal cards, and whose start reports a status. */
    private record Cards(int devices, int status) implements CudaLibrary {

        @Override
        public int cudaVersion() {
            return 12_040;
        }

        @Override
        public void start() {
            if (status != 0) {
                throw new CallException("cuInit", status);
            }
        }

        @Override
        public String name(int device) {
            return "card " + device;
        }

        @Override
        public long memoryBytes(int device) {
            return 1L << 36;
        }

        @Override
        public int attribute(int attribute, int device) {
            return attribute == NvidiaDriver.CAPABILITY_MAJOR ? 9 : 0;
        }
    }
}
