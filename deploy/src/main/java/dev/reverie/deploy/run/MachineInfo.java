package dev.reverie.deploy.run;

import dev.reverie.gpu.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The machine on which a run is executed.
 *
 * @param system operating system and processor architecture
 * @param cores number of cores available to this process
 * @param peakResidentBytes peak resident memory of this process so far, if known
 */
public record MachineInfo(
        String system, Optional<String> processor, int cores, String device, Optional<Long> peakResidentBytes) {

    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path PROCESS = Path.of("/proc/self/status");
    private static final long KIBI = 1024;

    /** Describes the machine and the process in their current state. */
    public static MachineInfo current() {
        return new MachineInfo(
                systemName(),
                processorModel(),
                Runtime.getRuntime().availableProcessors(),
                Device.description(),
                bytes(PROCESS, "VmHWM"));
    }

    public static String systemName() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    public static Optional<String> processorModel() {
        return field(PROCESSOR, "model name");
    }

    public static Optional<Long> memoryBytes() {
        return bytes(MEMORY, "MemTotal");
    }

    private static Optional<Long> bytes(Path file, String name) {
        return field(file, name)
                .map(kibibytes -> KIBI * Long.parseLong(kibibytes.split("\\s+", 2)[0]));
    }

    private static Optional<String> field(Path file, String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
