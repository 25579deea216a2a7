package dev.reverie.lab.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The unpacked archive on a machine without Java: its processes see no environment, and only the programs that the
 * launcher needs. If no archive was built, tests are skipped, or fail if {@code REVERIE_TEST_PROGRAMS=required} is set.
 */
final class Installation {

    private static final Path ARCHIVES = Path.of("target", "dist");
    private static final List<String> PROGRAMS = List.of("dirname", "readlink");

    private final Path root;
    private final Path home;

    private Installation(Path root, Path home) {
        this.root = root;
        this.home = home;
    }

    static Installation in(Path folder) throws IOException, InterruptedException {
        Path archive = archive();
        assertThat(new ProcessBuilder(
                                "tar", "--extract", "--file", archive.toString(), "--directory", folder.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        Path programs = Files.createDirectory(folder.resolve("programs"));
        for (String name : PROGRAMS) {
            Files.createSymbolicLink(programs.resolve(name), Path.of("/usr/bin", name));
        }
        Files.createDirectory(folder.resolve("home"));
        String name = archive.getFileName().toString().replace(".tar.gz", "");
        return new Installation(folder, folder.resolve(name));
    }

    private static Path archive() throws IOException {
        List<Path> found = files(ARCHIVES).stream()
                .filter(file -> file.toString().endsWith(".tar.gz"))
                .toList();
        if (found.isEmpty()) {
            String reason = "this test needs the archive: ./reverie package makes it";
            assertThat(System.getenv("REVERIE_TEST_PROGRAMS")).as(reason).isNotEqualTo("required");
            Assumptions.abort(reason);
        }
        return found.getFirst().toAbsolutePath();
    }

    Path home() {
        return home;
    }

    /** Returns the names of the files in a folder of the archive. */
    List<String> list(String folder) throws IOException {
        return files(home.resolve(folder)).stream()
                .map(file -> file.getFileName().toString())
                .toList();
    }

    /** Returns the names of the jars in a folder of the archive. */
    List<String> jars(String folder) throws IOException {
        return list(folder).stream().filter(name -> name.endsWith(".jar")).toList();
    }

    /** Returns the command that runs the application of the archive. */
    List<String> command(List<String> arguments) {
        return command(home.resolve("bin/reverie"), arguments);
    }

    /** Returns the same command with another path of the launcher. */
    List<String> command(Path launcher, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/env",
                "--ignore-environment",
                "--default-signal=INT",
                "PATH=" + root.resolve("programs"),
                "HOME=" + root.resolve("home"),
                launcher.toString()));
        command.addAll(arguments);
        return command;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
