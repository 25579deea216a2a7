package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.faults.Build;
import dev.reverie.deploy.history.faults.Failpoint;
import dev.reverie.deploy.history.faults.Fault;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service in a process of its own, with failpoints. Thread safe. */
public final class ServiceProcess implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile(".*listening on (http\\S+)");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** The application as the package phase of {@code deploy} makes it. */
    private static final Path APPLICATION =
            Path.of("..", "target", "reverie").toAbsolutePath().normalize();

    private static final List<String> JVM = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=logback.xml",
            "-Xmx384m");

    private final Process process;
    private final CompletableFuture<URI> address = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended;
    private volatile CompletableFuture<Void> reached = new CompletableFuture<>();

    private ServiceProcess(Process process, Path log) {
        this.process = process;
        this.ended = process.onExit().thenApply(gone -> {
            address.completeExceptionally(new IOException("the service ended with " + gone.exitValue()));
            return gone.exitValue();
        });
        follow("stdout", process.getInputStream(), log, this::onOutput);
        follow("stderr", process.getErrorStream(), log, this::onMessage);
    }

    /**
     * How to start a service.
     *
     * @param wrapper command that runs the program given after it; empty to run the service directly
     * @param agent archive of the fault agent
     * @param agentArguments arguments of the fault agent
     * @param environment the configuration of the service, as environment variables; without {@code REVERIE_HTTP_PORT},
     *     it listens on a free port
     * @param log file to which the output is appended
     */
    public record Launch(
            List<String> wrapper, Path agent, List<String> agentArguments, Map<String, String> environment, Path log) {

        public Launch withBuild(Build build) {
            return withArgument("build=" + build);
        }

        Launch armed(Failpoint failpoint, Fault fault, int skip) {
            return withArgument("arm=" + failpoint + " " + fault + " " + skip);
        }

        private Launch withArgument(String argument) {
            List<String> arguments = new ArrayList<>(agentArguments);
            arguments.add(argument);
            return new Launch(wrapper, agent, arguments, environment, log);
        }

        private String port() {
            return environment.getOrDefault("REVERIE_HTTP_PORT", "0");
        }

        /** The file of the history, next to the log. */
        Path history() {
            return log.resolveSibling(log.getFileName() + ".json");
        }
    }

    public static ServiceProcess start(Launch launch) throws IOException {
        List<String> command = new ArrayList<>(launch.wrapper());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(
                List.of("-XX:SharedArchiveFile=" + APPLICATION.resolve("classes.jsa"), "-Xlog:cds*=off,aot*=off"));
        command.add("-javaagent:" + launch.agent() + "=" + String.join(",", launch.agentArguments()));
        command.addAll(List.of(
                "-cp",
                APPLICATION.resolve("lib", "reverie.jar") + File.pathSeparator + System.getProperty("java.class.path"),
                "dev.reverie.deploy.Reverie"));
        command.addAll(List.of("serve", "--port", launch.port()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(launch.environment());
        return new ServiceProcess(builder.start(), launch.log());
    }

    private interface LineListener {
        void on(String line);
    }

    private static void follow(String name, InputStream output, Path log, LineListener listener) {
        // A blocked read occupies the carrier of a virtual thread, and there are as few carriers as processors.
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try (var lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
                    Writer copy = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                for (Optional<String> line = next(lines); line.isPresent(); line = next(lines)) {
                    copy.append(line.get()).append('\n').flush();
                    listener.on(line.get());
                }
            } catch (IOException killed) {
                // The process has ended.
            }
        });
    }

    private static Optional<String> next(BufferedReader lines) throws IOException {
        return Optional.ofNullable(lines.readLine());
    }

    private void onOutput(String line) {
        if (line.startsWith("reached ")) {
            reached.complete(null);
        }
    }

    private void onMessage(String line) {
        Matcher listening = LISTENING.matcher(line);
        if (listening.matches()) {
            address.complete(URI.create(listening.group(1)));
        }
    }

    /** Waits until the service listens; empty if it ended instead. */
    public Optional<URI> awaitAddress() {
        try {
            return Optional.of(address.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException ended) {
            return Optional.empty();
        } catch (TimeoutException late) {
            throw new UnresponsiveException("the service does not start");
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interruption);
        }
    }

    /** Where the service listens; empty if it does not listen yet. */
    Optional<URI> addressNow() {
        return address.state() == Future.State.SUCCESS ? Optional.of(address.join()) : Optional.empty();
    }

    /** Arms a fault that occurs after its failpoint was passed {@code skip} times. */
    void arm(Failpoint failpoint, Fault fault, int skip) {
        reached = new CompletableFuture<>();
        command(failpoint + " " + fault + " " + skip);
    }

    /** Takes the fault back. */
    void disarm() {
        command("none");
    }

    private void command(String line) {
        try {
            Writer commands = process.outputWriter(StandardCharsets.UTF_8);
            commands.write(line + "\n");
            commands.flush();
        } catch (IOException dead) {
            // The caller sees that the process has ended.
        }
    }

    /** Completes when the armed fault occurs. */
    CompletableFuture<Void> reached() {
        return reached;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Stops all threads of the process, until {@link #resume}. */
    public void suspend() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    /** Asks the service to stop, and waits until it has. */
    public void terminate() {
        signal("TERM");
        awaitEnd();
    }

    /** Kills the process with SIGKILL, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    public void awaitEnd() {
        try {
            ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new UnresponsiveException("the service does not end");
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interruption);
        }
    }

    private void signal(String name) {
        SystemProgram.run("kill", "-" + name, Long.toString(process.pid()));
    }

    @Override
    public void close() {
        kill();
    }
}
