package dev.reverie.gpu.tensor.nd4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The platform and the instruction sets of this machine, which determine the ND4J binaries that the machine can run.
 *
 * @param name platform, for example {@code linux-x86_64}
 * @param flags instruction-set extensions, by their Linux names; empty if they cannot be read
 */
record CpuPlatform(String name, Set<String> flags) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Set<String> AVX512 = Set.of("avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd");
    private static final Set<String> AVX2 = Set.of("avx2", "fma");

    CpuPlatform {
        flags = Set.copyOf(flags);
    }

    static CpuPlatform current() {
        return new CpuPlatform(platformName(), readFlags());
    }

    /**
     * Name suffixes of the ND4J binaries that run on this processor, fastest first. The last suffix is always empty and
     * denotes the binaries without instruction-set extensions.
     */
    List<String> extensions() {
        if (flags.containsAll(AVX512)) {
            return List.of("-onednn-avx512", "-onednn-avx2", "");
        }
        return flags.containsAll(AVX2) ? List.of("-onednn-avx2", "") : List.of("");
    }

    private static String platformName() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).split(" ")[0];
        String architecture = System.getProperty("os.arch");
        return system + "-"
                + switch (architecture) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm64";
                    default -> architecture;
                };
    }

    private static Set<String> readFlags() {
        if (!Files.isReadable(CPU_INFO)) {
            return Set.of();
        }
        try (var lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> new TreeSet<>(List.of(line.split("\\s+"))))
                    .orElseGet(TreeSet::new);
        } catch (IOException | java.io.UncheckedIOException e) {
            return Set.of(); // the binaries without extensions run on every processor
        }
    }
}
