package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.DatasetException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Runs an installed program in a folder, and writes the messages of the program to a log there. */
final class ExternalProgram {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String LOG = "log.txt";

    /** Time in which a program that has closed its output ends. */
    private static final long END_SECONDS = 1;

    private final Path folder;
    private final List<String> command;
    private final Duration limit;

    ExternalProgram(Path folder, List<String> command, Duration limit) {
        this.folder = folder;
        this.command = List.copyOf(command);
        this.limit = limit;
    }

    static ExternalProgram of(Path folder, List<String> command) {
        return new ExternalProgram(folder, command, LIMIT);
    }

    /** Reads the output of a program. */
    @FunctionalInterface
    interface Reader {
        void read(InputStream printed) throws IOException;
    }

    /**
     * Runs the program and waits until it ends.
     *
     * @throws IOException if the program is not installed or cannot be started, fails, or exceeds the time limit
     */
    void run() throws IOException {
        Process process = start(builder().redirectErrorStream(true).redirectOutput(log()));
        awaitSuccess(process);
    }

    /**
     * Runs the program, passes its output to a reader, and waits until it ends.
     *
     * @throws IOException for the reasons of {@link #run()}, or if {@code reader} throws it
     * @throws DatasetException if {@code reader} throws it, unless the program has failed or exceeded the time limit
     */
    void run(Reader reader) throws IOException {
        Process process = start(builder().redirectError(log()));
        AtomicBoolean late = new AtomicBoolean();
        CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    late.set(true);
                    process.destroyForcibly();
                });
        try (InputStream printed = process.getInputStream()) {
            read(process, printed, reader);
            printed.transferTo(OutputStream.nullOutputStream());
            awaitSuccess(process);
        } catch (IOException | DatasetException e) { // a program that is killed prints only a part of its output
            if (late.get()) {
                throw new IOException(tooSlow(), e);
            }
            throw e;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Blames the program, rather than the end of its output, if the program has failed. */
    private void read(Process process, InputStream printed, Reader reader) throws IOException {
        try {
            reader.read(printed);
        } catch (IOException | DatasetException e) {
            if (hasFailed(process)) {
                throw new IOException(failed(), e);
            }
            throw e;
        }
    }

    private static boolean hasFailed(Process process) {
        try {
            return process.waitFor(END_SECONDS, TimeUnit.SECONDS) && process.exitValue() != 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8"); // only English error messages are recognised
        return builder;
    }

    private Redirect log() {
        return Redirect.to(folder.resolve(LOG).toFile());
    }

    /** Starts the program without input, so that it cannot wait for an answer. */
    private Process start(ProcessBuilder builder) throws IOException {
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            String reason = isInstalled() ? "cannot be started: " + e.getMessage() : "is not installed";
            throw new IOException(command.getFirst() + " " + reason, e);
        }
        process.getOutputStream().close();
        return process;
    }

    private boolean isInstalled() {
        String program = command.getFirst();
        Stream<File> onPath = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(place -> Stream.of(new File(place, program), new File(place, program + ".exe")));
        return Stream.concat(Stream.of(new File(program)).filter(File::isAbsolute), onPath)
                .anyMatch(File::isFile);
    }

    private void awaitSuccess(Process process) throws IOException {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(tooSlow());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
        if (process.exitValue() != 0) {
            throw new IOException(failed());
        }
    }

    private String failed() throws IOException {
        return command.getFirst() + " failed: " + complaint();
    }

    private String tooSlow() {
        return command.getFirst() + " did not finish within " + limit.toMinutes() + " minutes";
    }

    /** Returns the first line that is marked as an error, or the last non-blank line if none is. */
    private String complaint() throws IOException {
        byte[] log = Files.readAllBytes(folder.resolve(LOG)); // may contain names in another encoding
        List<String> lines = new String(log, StandardCharsets.UTF_8)
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
