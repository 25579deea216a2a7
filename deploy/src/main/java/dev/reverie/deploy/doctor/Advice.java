package dev.reverie.deploy.doctor;

import dev.reverie.deploy.doctor.Diagnosis.Finding;
import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import dev.reverie.gpu.tensor.nd4j.Nd4jEngine;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says what is missing, and how to get it.
 *
 * @param driver NVIDIA's driver, if it is installed
 */
record Advice(Optional<NvidiaDriver> driver) {

    /** Occurs in the name of a build of libtorch for GPUs only. */
    private static final String GPU_BUILD = "-gpu";

    /** Why the application lacks an engine, and how to get it. */
    String toGet(EngineName engine) {
        return switch (engine) {
            case ND4J -> notBuilt(engine, "builds it");
            case TORCH -> notBuilt(engine, hasGpu() ? "downloads its build for GPUs" : "downloads 110 MB");
            case CUDA -> Nd4jEngine.problem(driver).orElseGet(() -> notBuilt(engine, "downloads 0.6 GB"));
        };
    }

    private static String notBuilt(EngineName engine, String effect) {
        return "not built: run " + command(engine) + ", which " + effect;
    }

    private static String command(EngineName engine) {
        return Device.VARIABLE + "=" + engine.label() + " ./reverie doctor";
    }

    private boolean hasGpu() {
        return driver.filter(found -> !found.gpus().isEmpty()).isPresent();
    }

    /** What else to do on a machine with these engines. */
    List<String> on(List<Finding> engines) {
        return Stream.concat(
                        engines.stream().filter(this::leavesGpuIdle).map(this::toUseGpu),
                        engines.stream()
                                .filter(finding -> !finding.hasRightResults())
                                .map(finding -> label(finding.engine())
                                        + " computes wrong results here: choose another engine by " + Device.VARIABLE))
                .toList();
    }

    private boolean leavesGpuIdle(Finding finding) {
        return hasGpu()
                && finding.engine() == EngineName.TORCH
                && finding.usable()
                && finding.details().filter(details -> !details.gpu()).isPresent();
    }

    private String toUseGpu(Finding torch) {
        boolean forGpu = torch.details()
                .filter(details -> details.build().contains(GPU_BUILD))
                .isPresent();
        return "libtorch computes on the CPU although there is a GPU: "
                + (forGpu
                        ? "install CUDA 13, cuDNN 9 and a driver for them"
                                + driver.flatMap(NvidiaDriver::cuda)
                                        .map(cuda -> " (the driver supports CUDA up to " + cuda + ")")
                                        .orElse("")
                        : "it was built before the GPU was there, so remove gpu/torch/target and run "
                                + command(EngineName.TORCH));
    }

    /** The name of the library behind an engine. */
    static String label(EngineName engine) {
        return engine == EngineName.TORCH ? "libtorch" : engine.label();
    }

    /** Why a start uses an engine. */
    static String reason(EngineName engine, Optional<String> wanted) {
        return wanted.filter(name -> EngineName.of(name).isPresent())
                .map(name -> Device.VARIABLE + "=" + name)
                .orElse(
                        switch (engine) {
                            case ND4J -> "it is the default; choose another one by " + Device.VARIABLE;
                            case TORCH -> "it was started with libtorch on its class path";
                            case CUDA -> "the application was built for it";
                        });
    }

    /** The message of a failure on one line; messages of native libraries have several. */
    static String line(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
