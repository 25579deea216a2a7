package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs an installed program in a folder, and writes the messages of the program to a log there. */
final class ExternalProgram {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String LOG = "log.txt";

    private final Path folder;
    private final List<String> command;

    private ExternalProgram(Path folder, List<String> command) {
        this.folder = folder;
        this.command = command;
    }

    static ExternalProgram of(Path folder, List<String> command) {
        return new ExternalProgram(folder, List.copyOf(command));
    }

    /** Reads the output of a program. */
    @FunctionalInterface
    interface Reader {
        void read(InputStream printed) throws IOException;
    }

    /**
     * Runs the program and waits until it ends.
     *
     * @throws IOException if the program is not installed, fails, or takes longer than ten minutes
     */
    void run() throws IOException {
        Process process = start(builder().redirectErrorStream(true).redirectOutput(log()));
        awaitSuccess(process);
    }

    /**
     * Runs the program, passes its output to a reader, and waits until it ends.
     *
     * @throws IOException for the reasons of {@link #run()}, or if {@code reader} throws it
     */
    void run(Reader reader) throws IOException {
        Process process = start(builder().redirectError(log()));
        CompletableFuture.delayedExecutor(LIMIT.toSeconds(), TimeUnit.SECONDS).execute(process::destroyForcibly);
        try (InputStream printed = process.getInputStream()) {
            reader.read(printed);
            printed.transferTo(OutputStream.nullOutputStream());
            awaitSuccess(process);
        } finally {
            process.destroyForcibly();
        }
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8"); // only English error messages are recognised
        return builder.redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
    }

    private Redirect log() {
        return Redirect.to(folder.resolve(LOG).toFile());
    }

    private Process start(ProcessBuilder builder) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(command.getFirst() + " is not installed", e);
        }
    }

    private void awaitSuccess(Process process) throws IOException {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " did not finish within " + LIMIT.toMinutes() + " minutes");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
        if (process.exitValue() != 0) {
            throw new IOException(command.getFirst() + " failed: " + complaint());
        }
    }

    /** Returns the first line that is marked as an error, or the last non-blank line if none is. */
    private String complaint() throws IOException {
        List<String> lines = Files.readString(folder.resolve(LOG), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return lines.stream()
                .filter(line -> line.startsWith("E: ") || line.startsWith("npm error ") || line.startsWith("npm ERR! "))
                .findFirst()
                .orElseGet(() -> lines.isEmpty() ? "no reason given" : lines.getLast());
    }
}
