package dev.reverie.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import dev.reverie.gpu.tensor.KernelEngineStandIn;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The doctor")
class DoctorTest {

    private static final Supplier<Kernels> RIGHT = Device::kernels;
    private static final KernelEngine.Details ON_CPU = new KernelEngine.Details("2.10", "linux-x86_64", false);

    private Optional<NvidiaDriver> driver = Optional.empty();
    private Optional<String> wanted = Optional.empty();

    @Test
    @DisplayName("finds that two engines which compute the same agree, with each other and with double precision")
    void agreeing() {
        Diagnosis diagnosis = examine(engine(EngineName.TORCH, RIGHT), engine(EngineName.ND4J, RIGHT));

        assertThat(diagnosis.works()).isTrue();
        assertThat(diagnosis.results()).hasValueSatisfying(results -> {
            assertThat(results.agree()).isTrue();
            assertThat(results.fromDouble()).isBetween(1e-9, 1e-4);
            assertThat(results.betweenEngines())
                    .hasValueSatisfying(largest -> assertThat(largest).isLessThan(1e-4));
        });
        assertThat(DiagnosisText.lines(diagnosis))
                .anyMatch(line -> line.matches(
                        "nd4j      usable: 2\\.10 linux-x86_64 on the CPU; product [0-9.]+ ms, class step [0-9.]+ ms"))
                .anyMatch(line -> line.startsWith("libtorch  usable: "))
                .contains(
                        "cuda      no usable GPU: the NVIDIA driver (libcuda.so.1) is not installed on this machine",
                        "start     libtorch, because it was started with libtorch on its class path")
                .anyMatch(line -> line.matches("results   correct: at most \\S+ from double precision and \\S+ between"
                        + " engines, within the tolerance of 1e-04"))
                .allSatisfy(line -> assertThat(line).doesNotContain("\n"));
    }

    @Test
    @DisplayName("names an engine that computes wrong results, and fails if a start would use it")
    void wrong() {
        KernelEngine wrong = engine(EngineName.TORCH, DoctorTest::doubling);

        wanted = Optional.of("nd4j");
        Diagnosis unchosen = examine(engine(EngineName.ND4J, RIGHT), wrong);
        wanted = Optional.of("torch");
        Diagnosis chosen = examine(engine(EngineName.ND4J, RIGHT), wrong);

        assertThat(unchosen.works()).isTrue();
        assertThat(chosen.works()).isFalse();
        assertThat(DiagnosisText.lines(chosen))
                .contains(
                        "start     libtorch, because REVERIE_ENGINE=torch",
                        "advice    libtorch computes wrong results here: choose another engine by REVERIE_ENGINE")
                .anyMatch(line ->
                        line.matches("results   wrong: at most \\S+ from double precision .* beyond the tolerance .*"));
    }

    @Test
    @DisplayName("goes on after an engine that cannot be loaded, and prints why on its line")
    void unloadable() {
        wanted = Optional.of("nd4j");

        Diagnosis diagnosis = examine(
                engine(EngineName.ND4J, () -> {
                    throw new UnsatisfiedLinkError("libnd4jcpu.so:\n  cannot open");
                }),
                engine(EngineName.TORCH, RIGHT));

        assertThat(diagnosis.works()).isFalse();
        assertThat(DiagnosisText.lines(diagnosis))
                .contains("nd4j      libnd4jcpu.so: cannot open")
                .anyMatch(line -> line.startsWith("libtorch  usable: "));
    }

    @Test
    @DisplayName("goes on after an engine that needs more memory than there is")
    void outOfMemory() {
        wanted = Optional.of("torch");

        Diagnosis diagnosis = examine(
                engine(EngineName.ND4J, () -> {
                    throw new OutOfMemoryError("Physical memory usage is too high");
                }),
                engine(EngineName.TORCH, RIGHT));

        assertThat(diagnosis.works()).isTrue();
        assertThat(DiagnosisText.lines(diagnosis))
                .contains("nd4j      Physical memory usage is too high")
                .anyMatch(line -> line.startsWith("libtorch  usable: "));
    }

    @Test
    @DisplayName("compares nothing if no engine can be used")
    void none() {
        Diagnosis diagnosis = examine(engine(EngineName.ND4J, () -> {
            throw new DeviceException("no memory");
        }));

        assertThat(diagnosis.works()).isFalse();
        assertThat(diagnosis.results()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "torch, 'no engine: this program was built without the engine torch: in a checkout, start with"
                + " REVERIE_ENGINE=torch ./reverie; an archive or image must be built with it (REVERIE_ENGINE=torch"
                + " ./reverie package)'",
        "gpu, 'no engine: REVERIE_ENGINE must be auto or one of nd4j, torch, cuda, not ''gpu'''"
    })
    @DisplayName("says how to choose an engine if the wanted one is not there, and still tries the others")
    void missing(String name, String start) {
        wanted = Optional.of(name);

        Diagnosis diagnosis = examine(engine(EngineName.ND4J, RIGHT));

        assertThat(diagnosis.works()).isFalse();
        assertThat(DiagnosisText.lines(diagnosis))
                .contains(
                        "start     " + start,
                        "libtorch  not built: run REVERIE_ENGINE=torch ./reverie doctor, which downloads 110 MB")
                .anyMatch(line -> line.startsWith("nd4j      usable: "));
    }

    @Test
    @DisplayName("lists the driver and the cards, and how to use them")
    void cards() {
        driver = driver(9, 0);

        Diagnosis diagnosis = examine(engine(EngineName.ND4J, RIGHT), engine(EngineName.TORCH, RIGHT));

        assertThat(DiagnosisText.lines(diagnosis))
                .contains(
                        "cuda      this GPU has compute capability 9.0, and nd4j-cuda-11.6 has binaries for 3.7 to 8.9"
                                + " only",
                        "driver    NVIDIA 550.54, CUDA 12.4",
                        "gpu       NVIDIA card, compute capability 9.0, 80.0 GiB",
                        "advice    libtorch computes on the CPU although there is a GPU: it was built before the GPU was"
                                + " there, so remove gpu/torch/target and run REVERIE_ENGINE=torch ./reverie doctor");
    }

    @Test
    @DisplayName(
            "says what libtorch for GPUs needs if it does not find it, and how to get ND4J for a GPU that it supports")
    void incomplete() {
        driver = driver(8, 6);

        Diagnosis diagnosis = examine(new KernelEngineStandIn(
                EngineName.TORCH, new KernelEngine.Details("2.10", "linux-x86_64-gpu", false), RIGHT));

        assertThat(DiagnosisText.lines(diagnosis))
                .contains(
                        "nd4j      not built: run REVERIE_ENGINE=nd4j ./reverie doctor, which builds it",
                        "cuda      not built: run REVERIE_ENGINE=cuda ./reverie doctor, which downloads 0.6 GB",
                        "start     libtorch, because it was started with libtorch on its class path",
                        "advice    libtorch computes on the CPU although there is a GPU: install CUDA 13, cuDNN 9 and a"
                                + " driver for them"
                                + " (the driver supports CUDA up to 12.4)");
    }

    @Test
    @DisplayName("allows a GPU to round more than a CPU")
    void tolerance() {
        Diagnosis diagnosis = examine(new KernelEngineStandIn(
                EngineName.TORCH, new KernelEngine.Details("2.10", "linux-x86_64-gpu", true), RIGHT));

        assertThat(DiagnosisText.lines(diagnosis))
                .anyMatch(line -> line.startsWith("libtorch  usable: 2.10 linux-x86_64-gpu on the GPU; product "))
                .anyMatch(line -> line.endsWith("within the tolerance of 5e-02"));
    }

    private Diagnosis examine(KernelEngine... engines) {
        return new Doctor(List.of(engines), engine -> engine, driver, wanted, System::nanoTime).examine();
    }

    private static KernelEngine engine(EngineName name, Supplier<Kernels> kernels) {
        return new KernelEngineStandIn(name, ON_CPU, kernels);
    }

    private static Optional<NvidiaDriver> driver(int major, int minor) {
        return Optional.of(new NvidiaDriver(
                Optional.of("550.54"),
                Optional.of("12.4"),
                List.of(new Gpu("NVIDIA card", major, minor, 80L << 30)),
                Optional.empty()));
    }

    /** Kernels whose matrix products are twice what they should be. */
    private static Kernels doubling() {
        Kernels right = RIGHT.get();
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (_, method, arguments) -> {
                    try {
                        Object result = method.invoke(right, arguments);
                        if (method.getName().equals("multiply")) {
                            Tensor product = (Tensor) arguments[3];
                            right.add(product, product);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
