package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The engine on libtorch")
class TorchEngineTest {

    @ParameterizedTest
    @CsvSource({"7,5", "8,0", "9,0", "12,0"})
    @DisplayName("accepts GPUs from Turing on")
    void accepts(int major, int minor) {
        assertThat(TorchEngine.problemOfFirstGpu(driver(major, minor))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6,1", "7,0"})
    @DisplayName("refuses older GPUs, and says what to do")
    void refuses(int major, int minor) {
        assertThat(TorchEngine.problemOfFirstGpu(driver(major, minor)))
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains(major + "." + minor).contains("REVERIE_ENGINE=nd4j"));
    }

    @Test
    @DisplayName("uses all GPUs before the first one that it does not support")
    void usesGpus() {
        Gpu hopper = new Gpu("new", 9, 0, 1L << 34);
        Gpu volta = new Gpu("old", 7, 0, 1L << 34);

        assertThat(TorchEngine.usableGpus(driver("13.0", hopper, hopper))).hasSize(2);
        assertThat(TorchEngine.usableGpus(driver("13.2", hopper, volta, hopper)))
                .hasSize(1);
    }

    @Test
    @DisplayName("uses no GPU whose driver is older than CUDA 13")
    void needsARecentDriver() {
        Gpu hopper = new Gpu("new", 9, 0, 1L << 34);

        assertThat(TorchEngine.usableGpus(driver("12.4", hopper))).isEmpty();
    }

    @Test
    @DisplayName("has two workers without a GPU, or one on a single core")
    void workersOfCores() {
        assumeThat(NvidiaDriver.ofThisMachine()).isEmpty();

        assertThat(new TorchEngine().workers())
                .isEqualTo(Math.min(2, Runtime.getRuntime().availableProcessors()));
    }

    @Test
    @DisplayName("has as many workers for each GPU as REVERIE_GPU_WORKERS says, otherwise four")
    void workersPerGpu() {
        assertThat(GpuWorkerKernels.perGpu(Optional.empty())).isEqualTo(4);
        assertThat(GpuWorkerKernels.perGpu(Optional.of(""))).isEqualTo(4);
        assertThat(GpuWorkerKernels.perGpu(Optional.of("1"))).isOne();
        assertThat(GpuWorkerKernels.perGpu(Optional.of(" 16 "))).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "17", "-1", "two", "1.5", "99999999999"})
    @DisplayName("refuses another value of REVERIE_GPU_WORKERS")
    void refusesWorkersPerGpu(String wanted) {
        assertThatThrownBy(() -> GpuWorkerKernels.perGpu(Optional.of(wanted)))
                .isInstanceOf(DeviceException.class)
                .hasMessageStartingWith(
                        "REVERIE_GPU_WORKERS must be a whole number from 1 to 16, not '" + wanted + "'");
    }

    @Test
    @DisplayName("has kernels for a GPU that the driver does not describe, the same for each worker")
    void undescribedGpu() {
        GpuWorkerKernels kernels = new GpuWorkerKernels(List.of(), Optional.empty(), TorchMemory.ofDevice("cpu"));

        assertThat(kernels.of(0, Precision.SINGLE)).isInstanceOf(TorchDeviceKernels.class);
        assertThat(kernels.of(0, Precision.SINGLE)).isSameAs(kernels.of(0, Precision.SINGLE));
    }

    private static NvidiaDriver driver(int major, int minor) {
        return driver("13.0", new Gpu("card", major, minor, 1L << 34));
    }

    private static NvidiaDriver driver(String cuda, Gpu... gpus) {
        return new NvidiaDriver(Optional.empty(), Optional.of(cuda), List.of(gpus), Optional.empty());
    }
}
