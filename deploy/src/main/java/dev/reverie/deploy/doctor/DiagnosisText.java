package dev.reverie.deploy.doctor;

import dev.reverie.deploy.doctor.Diagnosis.Finding;
import dev.reverie.deploy.doctor.Diagnosis.Machine;
import dev.reverie.deploy.doctor.Diagnosis.Results;
import dev.reverie.deploy.doctor.Diagnosis.Start;
import dev.reverie.deploy.doctor.Diagnosis.Timing;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import dev.reverie.gpu.tensor.KernelEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats a diagnosis for a terminal, one line for each thing that was found. */
public final class DiagnosisText {

    private static final double GIBI = 1L << 30;

    private DiagnosisText() {}

    public static List<String> lines(Diagnosis diagnosis) {
        List<String> lines = new ArrayList<>();
        diagnosis.engines().forEach(finding -> lines.add(line(Advice.label(finding.engine()), engine(finding))));
        lines.add("");
        lines.add(line("start", start(diagnosis.start())));
        diagnosis.results().ifPresent(results -> lines.add(line("results", results(results))));
        diagnosis.nvidia().ifPresent(driver -> lines.addAll(driver(driver)));
        lines.add(line("machine", machine(diagnosis.machine())));
        diagnosis.advice().forEach(advice -> lines.add(line("advice", advice)));
        return lines;
    }

    private static String line(String name, String text) {
        return String.format(Locale.ROOT, "%-9s %s", name, text);
    }

    private static String engine(Finding finding) {
        return finding.problem()
                .orElseGet(() -> "usable: "
                        + finding.details().map(DiagnosisText::details).orElse("")
                        + finding.product()
                                .map(timing -> "; product " + timing(timing))
                                .orElse("")
                        + finding.step()
                                .map(timing -> ", class step " + timing(timing))
                                .orElse(""));
    }

    private static String details(KernelEngine.Details details) {
        return details.version() + " " + details.build() + (details.gpu() ? " on the GPU" : " on the CPU");
    }

    private static String timing(Timing timing) {
        return String.format(Locale.ROOT, "%.2f ms", timing.ms());
    }

    private static String start(Start start) {
        return start.engine()
                .map(engine -> Advice.label(engine) + ", because " + start.reason())
                .orElse("no engine: " + start.reason());
    }

    private static String results(Results results) {
        return String.format(
                Locale.ROOT,
                "%s: at most %s from double precision%s, %s the tolerance of %s",
                results.agree() ? "correct" : "wrong",
                difference(results.fromDouble()),
                results.betweenEngines()
                        .map(largest -> " and " + difference(largest) + " between engines")
                        .orElse(""),
                results.agree() ? "within" : "beyond",
                difference(results.tolerance()));
    }

    /** Formats a difference, which can be 0 between engines that share a library of matrix products. */
    private static String difference(double relative) {
        return relative == 0 ? "0" : String.format(Locale.ROOT, "%.0e", relative);
    }

    private static List<String> driver(NvidiaDriver driver) {
        List<String> lines = new ArrayList<>();
        lines.add(line(
                "driver",
                "NVIDIA" + driver.version().map(version -> " " + version).orElse("")
                        + driver.cuda().map(cuda -> ", CUDA " + cuda).orElse("")
                        + driver.problem().map(problem -> ": " + problem).orElse("")));
        for (Gpu gpu : driver.gpus()) {
            lines.add(line(
                    "gpu",
                    gpu.name() + ", compute capability " + gpu.capability() + ", " + gibibytes(gpu.memoryBytes())));
        }
        return lines;
    }

    private static String machine(Machine machine) {
        return machine.processor().orElse(machine.system()) + ", " + Plural.of(machine.cores(), "core")
                + machine.memoryBytes()
                        .map(bytes -> ", " + gibibytes(bytes) + " of memory")
                        .orElse("")
                + " (" + gibibytes(machine.heapBytes()) + " for Java's heap)";
    }

    private static String gibibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / GIBI);
    }
}
