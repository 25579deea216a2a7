package dev.reverie.gpu.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.nvidia.NativeLibrary.CallException;
import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The NVIDIA driver")
class NvidiaDriverTest {

    private static final int NO_DEVICE = 100;
    private static final int CAPABILITY_MAJOR = 75;

    @Test
    @DisplayName("names its version, its CUDA, and every card with compute capability and memory")
    void cards() {
        NvidiaDriver driver = NvidiaDriver.ask(new Cards(2, 0), Optional.of("550.54.15"));

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

    @ParameterizedTest(name = "{0}.{1}")
    @CsvSource({"7,0,false", "6,9,false", "7,5,true", "7,6,true", "8,0,true", "12,0,true"})
    @DisplayName("names cards that have at least a compute capability if the pair of its numbers is not lower")
    void comparesCapabilities(int major, int minor, boolean sufficient) {
        assertThat(new Gpu("card", major, minor, 1L << 33).isAtLeast(7, 5)).isEqualTo(sufficient);
    }

    /** A driver that finds equal cards, with the functions of NVIDIA's cuda.h, and whose start reports a status. */
    private record Cards(int count, int status) implements NativeLibrary {

        @Override
        public void call(String function, Object... arguments) {
            switch (function) {
                case "cuDriverGetVersion" -> fill(arguments, 12_040);
                case "cuInit" -> {
                    if (status != 0) {
                        throw new CallException(function + " answers with error " + status);
                    }
                }
                case "cuDeviceGetCount" -> fill(arguments, count);
                case "cuDeviceGetName" -> {
                    assertThat(arguments[1]).isEqualTo((int) filled(arguments).byteSize());
                    filled(arguments).setString(0, "card " + arguments[2]);
                }
                case "cuDeviceTotalMem_v2" -> filled(arguments).set(ValueLayout.JAVA_LONG, 0, 1L << 36);
                case "cuDeviceGetAttribute" -> fill(arguments, arguments[1].equals(CAPABILITY_MAJOR) ? 9 : 0);
                default -> throw new CallException(function + " is missing in NVIDIA's library");
            }
        }

        private static MemorySegment filled(Object... arguments) {
            return (MemorySegment) arguments[0];
        }

        private static void fill(Object[] arguments, int value) {
            filled(arguments).set(ValueLayout.JAVA_INT, 0, value);
        }
    }
}
