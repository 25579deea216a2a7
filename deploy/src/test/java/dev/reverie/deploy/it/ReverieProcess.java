package dev.reverie.deploy.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged application in a process of its own, as the launcher starts it. */
final class ReverieProcess implements AutoCloseable {

    private static final Path JAR = Path.of("target", "reverie", "lib", "reverie.jar");
    private static final long PATIENCE_SECONDS = 300;
    /** A shell lets the jobs in its background ignore SIGINT, and so would whatever a build among them starts. */
    private static final List<String> HEEDING_INT = List.of("env", "--default-signal=INT");

    private final Process process;
    private final Path out;
    private final Path err;

    private ReverieProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** What a process left behind. */
    record Ended(int exitCode, String out, String err) {}

    /** Starts the application; its output goes to files in {@code folder}. */
    static ReverieProcess start(Path folder, List<String> arguments) throws IOException {
        return start(folder, List.of(), arguments);
    }

    /** Starts the application behind {@code wrapper}, a command that runs its arguments. */
    static ReverieProcess start(Path folder, List<String> wrapper, List<String> arguments) throws IOException {
        assertThat(JAR).as("the application, made by the package phase").exists();
        List<String> command = new ArrayList<>(HEEDING_INT);
        command.addAll(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-modules=jdk.incubator.vector",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-jar",
                JAR.toAbsolutePath().toString()));
        command.addAll(arguments);
        return startCommand(folder, command);
    }

    /** Starts whatever {@code command} is the name and the arguments of. */
    static ReverieProcess startCommand(Path folder, List<String> command) throws IOException {
        Path out = Files.createTempFile(folder, "stdout", ".txt");
        Path err = Files.createTempFile(folder, "stderr", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new ReverieProcess(process, out, err);
    }

    /** Runs the application to its end. */
    static Ended run(Path folder, List<String> arguments) throws Exception {
        try (ReverieProcess process = start(folder, arguments)) {
            return process.await();
        }
    }

    /** The program that runs. */
    Path program() throws IOException {
        return Path.of("/proc", Long.toString(process.pid()), "exe").toRealPath();
    }

    /** Sends a signal, for example {@code INT}. */
    void signal(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Waits until a line of stderr matches, and gives what the first group matched. */
    String awaitSaying(Pattern line) throws Exception {
        for (int known = 1; ; known++) {
            GrowingFile.awaitLines(err, known);
            Matcher said = line.matcher(Files.readString(err, UTF_8));
            if (said.find()) {
                return said.group(1);
            }
        }
    }

    /** Ends it as a kill -9 does, and returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Ended await() throws Exception {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the application ends; so far it said %s", Files.readString(err))
                .isTrue();
        return new Ended(process.exitValue(), Files.readString(out, UTF_8), talk());
    }

    /** What was said on stderr, without what the JVM itself has to say about its flags. */
    private String talk() throws IOException {
        return Files.readString(err, UTF_8).replaceAll("(?m)^WARNING: Using incubator modules.*\\R", "");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
