package dev.reverie.deploy.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.PackagedApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the packaged application in a process of its own, as the launcher does. */
public final class ReverieProcess implements AutoCloseable {

    private static final Path LIBTORCH = Path.of("..", "gpu", "torch", "target", "lib");
    private static final Path TEST_CLASSES = Path.of("target", "test-classes");
    private static final long TIMEOUT_SECONDS = 300;
    /** Background jobs of a shell ignore SIGINT, and so does every process that they start. */
    private static final List<String> HANDLING_SIGINT = List.of("env", "--default-signal=INT");

    /** Services learn all the time, so a narrow network leaves more of it to the tests. */
    private static final Map<String, String> SMALL_SERVICES = Map.of("REVERIE_LEARNING_WIDTH", "8");

    private final Process process;
    private final Path out;
    private final Path err;

    private ReverieProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** The result of a finished process. */
    public record Ended(int exitCode, String out, String err) {}

    /** Starts the application; its output goes to files in {@code folder}. */
    public static ReverieProcess start(Path folder, List<String> arguments) throws IOException {
        return start(folder, List.of(), arguments);
    }

    /** Starts the application behind {@code wrapper}, a command that runs its arguments. */
    public static ReverieProcess start(Path folder, List<String> wrapper, List<String> arguments) throws IOException {
        List<String> application = new ArrayList<>(PackagedApplication.fromArchive());
        application.addAll(List.of("-jar", PackagedApplication.jar().toString()));
        return startJava(folder, wrapper, application, arguments);
    }

    /** Starts a program on libtorch: the application, or a class of these tests that uses it. */
    public static ReverieProcess startOnLibtorch(Path folder, Class<?> program, List<String> arguments)
            throws IOException {
        assertThat(LIBTORCH)
                .as("libtorch, made by the package phase of gpu/torch")
                .exists();
        return startJava(
                folder,
                List.of("env", "REVERIE_ENGINE=torch"),
                List.of(
                        "--add-exports",
                        "java.base/jdk.internal.module=ALL-UNNAMED",
                        "-cp",
                        LIBTORCH.toAbsolutePath() + "/*:" + PackagedApplication.jar() + ":"
                                + TEST_CLASSES.toAbsolutePath(),
                        program.getName()),
                arguments);
    }

    private static ReverieProcess startJava(
            Path folder, List<String> wrapper, List<String> application, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(HANDLING_SIGINT);
        command.addAll(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Xmx512m"));
        command.addAll(application);
        command.addAll(arguments);
        return startCommand(folder, command);
    }

    /** Starts a command with its arguments. */
    public static ReverieProcess startCommand(Path folder, List<String> command) throws IOException {
        Path out = Files.createTempFile(folder, "stdout", ".txt");
        Path err = Files.createTempFile(folder, "stderr", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(SMALL_SERVICES);
        return new ReverieProcess(builder.start(), out, err);
    }

    /** Runs the application and waits until it ends. */
    public static Ended run(Path folder, List<String> arguments) throws Exception {
        try (ReverieProcess process = start(folder, arguments)) {
            return process.await();
        }
    }

    /** Returns the executable of the process. */
    public Path program() throws IOException {
        return Path.of("/proc", Long.toString(process.pid()), "exe").toRealPath();
    }

    /** Sends a signal, for example {@code INT}. */
    public void signal(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Waits until a line of stderr matches, and returns the first group of the match. */
    public String awaitLine(Pattern line) throws Exception {
        for (int known = 1; ; known++) {
            GrowingFile.awaitLines(err, known);
            Matcher match = line.matcher(Files.readString(err, UTF_8));
            if (match.find()) {
                return match.group(1);
            }
        }
    }

    /** Kills the process like kill -9, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public Ended await() throws Exception {
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .as("the application ends; it has printed %s", Files.readString(err))
                .isTrue();
        return new Ended(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }

    /** Kills the process and waits until it is gone, so that its folder can be deleted. */
    @Override
    public void close() {
        kill();
    }
}
