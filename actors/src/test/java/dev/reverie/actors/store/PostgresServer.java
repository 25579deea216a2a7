package dev.reverie.actors.store;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL server for one test, with its data in a folder. */
public final class PostgresServer implements AutoCloseable {

    public static final String USER = "reverie";

    private static final String LOOPBACK = "127.0.0.1";

    /** The folder of the server's programs on Debian and derived systems, with one subfolder per version. */
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    private final Path programs;
    private final Path data;
    private final String host;
    private final int port;
    private int databases;
    private boolean running = true;

    private PostgresServer(Path programs, Path data, String host, int port) {
        this.programs = programs;
        this.data = data;
        this.host = host;
        this.port = port;
    }

    /** Initialises the server's data in a folder and starts the server; fails if no server is installed. */
    public static PostgresServer startedIn(Path folder) {
        return startedIn(folder, LOOPBACK);
    }

    /** Like {@link #startedIn(Path)}, but the server is reached at {@code host} from all addresses of its network. */
    public static PostgresServer startedIn(Path folder, String host) {
        Path programs = programs()
                .orElseThrow(() -> new AssertionError("no PostgreSQL server is installed: apt-get install postgresql"));
        try {
            Path data = asServerUser(folder).resolve("data");
            PostgresServer server = new PostgresServer(programs, data, host, FreePorts.next());
            server.run("initdb", "-D", data.toString(), "-U", USER, "-A", "trust", "-E", "UTF8", "-N");
            Files.writeString(data.resolve("pg_hba.conf"), "host all all samenet trust\n", StandardOpenOption.APPEND);
            server.start();
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void start() {
        run(
                "pg_ctl",
                "-D",
                data.toString(),
                "-w",
                "-l",
                data.resolveSibling("log").toString(),
                "-o",
                "-p " + port + " -k " + data.getParent() + " -c listen_addresses=" + host,
                "start");
    }

    /** Kills all processes of the server with SIGKILL, and starts it again, which recovers its data. */
    public void killAndRestart() {
        ProcessHandle main = mainProcess();
        List<ProcessHandle> all = new ArrayList<>(main.descendants().toList());
        all.addFirst(main);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
        start();
    }

    private ProcessHandle mainProcess() {
        String id =
                readString(data.resolve("postmaster.pid")).lines().findFirst().orElseThrow();
        return ProcessHandle.of(Long.parseLong(id)).orElseThrow();
    }

    /** Stops the server without a checkpoint, and starts it again, which recovers its data. */
    public void shutDownAndRestart() {
        run("pg_ctl", "-D", data.toString(), "-m", "immediate", "-w", "stop");
        start();
    }

    /** Stops the server, and starts it as a standby, which can only be read. */
    public void restartAsStandby() {
        run("pg_ctl", "-D", data.toString(), "-m", "fast", "-w", "stop");
        try {
            Files.createFile(data.resolve("standby.signal"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        start();
    }

    /**
     * Overwrites the beginning of a file while the server is stopped.
     *
     * @param file path in the server's data
     */
    public void overwrite(String file, byte[] bytes) {
        run("pg_ctl", "-D", data.toString(), "-m", "fast", "-w", "stop");
        try (FileChannel channel = FileChannel.open(data.resolve(file), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        start();
    }

    /** Stops all processes of the server without closing a connection, until {@link #thaw}. */
    public void freeze() {
        signal("-STOP");
    }

    public void thaw() {
        signal("-CONT");
    }

    private void signal(String name) {
        ProcessHandle first = ProcessHandle.of(Long.parseLong(readString(data.resolve("postmaster.pid"))
                        .lines()
                        .findFirst()
                        .orElseThrow()))
                .orElseThrow();
        execute(List.of("kill", name, String.valueOf(first.pid()))); // the first one starts no others from here on
        String others =
                first.descendants().map(ProcessHandle::pid).map(String::valueOf).collect(joining(" "));
        execute(List.of("sh", "-c", "kill " + name + " " + others + " || true")); // one can have ended meanwhile
    }

    private static Optional<Path> programs() {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The server refuses to run as root, so for root its data belongs to the user that the package created. */
    private static Path asServerUser(Path folder) throws IOException {
        if (isRoot()) {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
        return folder;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Creates a database and returns its address. */
    public String newDatabase() {
        String name = "reverie_" + databases++;
        try (Connection connection = DriverManager.getConnection(url("postgres"), USER, "")) {
            connection.createStatement().execute("CREATE DATABASE " + name);
            return url(name);
        } catch (SQLException failure) {
            throw new AssertionError("the test's PostgreSQL server does not answer", failure);
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        execute(command);
    }

    private static void execute(List<String> command) {
        try {
            Path output = Files.createTempFile("postgres", ".log");
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor()).as(() -> readString(output)).isZero();
            Files.delete(output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interruption);
        }
    }

    private static String readString(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        if (running) {
            running = false;
            run("pg_ctl", "-D", data.toString(), "-m", "immediate", "-w", "stop");
        }
    }
}
