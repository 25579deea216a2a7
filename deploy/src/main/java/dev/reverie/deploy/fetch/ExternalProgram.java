package dev.reverie.deploy.fetch;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs installed programs. */
final class ExternalProgram {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private ExternalProgram() {}

    /**
     * Runs a program in {@code folder}, where its messages are written to a log, and waits until it ends. The program
     * gets no input, so that it cannot wait for any.
     *
     * @throws IOException if the program is not installed or cannot be started, fails, or takes more than ten minutes
     */
    static void run(Path folder, List<String> command) throws IOException {
        run(folder, command, LIMIT);
    }

    static void run(Path folder, List<String> command, Duration limit) throws IOException {
        String program = command.getFirst();
        Path log = folder.resolve("log.txt");
        Process process = start(folder, command, log);
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(program + " did not finish within " + limit.toMinutes() + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new IOException(program + " failed: " + complaint(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(Path folder, List<String> command, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8"); // only English error messages are recognised
        try {
            return builder.start();
        } catch (IOException e) {
            String program = command.getFirst();
            throw new IOException(
                    program + (isInstalled(program) ? " cannot be started: " + e.getMessage() : " is not installed"),
                    e);
        }
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(place -> Path.of(place).resolve(program)) // which is the program if that is a path
                .anyMatch(Files::isRegularFile);
    }

    /** Returns the first line that is marked as an error, or the last non-blank line if none is. */
    private static String complaint(Path log) throws IOException {
        byte[] messages = Files.readAllBytes(log); // may contain names in another encoding
        List<String> lines = new String(messages, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return lines.stream()
                .filter(line -> line.startsWith("E: "))
                .findFirst()
                .orElseGet(() -> lines.isEmpty() ? "no reason given" : lines.getLast());
    }
}
