package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.faults.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.io.file.PathUtils;

/**
 * A file system on a device with a volatile cache: when its power is cut, the device forgets a random part of what was
 * not flushed. It is a loop device on a file that nbdkit serves with {@code volatile-disk.py}. Needs root, nbdkit with
 * its Python plugin, and nbdfuse.
 */
final class VolatileDisk implements FaultyDisk {

    private static final int MIB = 1 << 20;
    private static final int SIZE_MIB = 320; // the smallest size that mkfs.xfs accepts is 300 MiB
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(10);

    private final Path workspace;
    private final Path mounted;
    private int powerCuts;
    private boolean isCut;

    /** How the device is formatted. */
    enum FileSystem {
        EXT4("mkfs.ext4 -q -m 0"),
        XFS("mkfs.xfs -q");

        private final String format;

        FileSystem(String format) {
            this.format = format;
        }
    }

    private VolatileDisk(Path workspace) throws IOException {
        this.workspace = Files.createDirectories(workspace);
        this.mounted = Files.createDirectories(workspace.resolve("disk"));
    }

    /** Mounts an empty disk in a folder; empty if this process is not allowed to, or a program is missing. */
    static Optional<VolatileDisk> in(Path workspace, FileSystem fileSystem) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.empty();
        }
        VolatileDisk disk = new VolatileDisk(workspace);
        boolean isFormatted = run("truncate -s " + SIZE_MIB + "M " + disk.image())
                && run(fileSystem.format + " " + disk.image())
                && run("nbdkit --dump-plugin python")
                && run("nbdfuse --version");
        if (!isFormatted) {
            return Optional.empty();
        }
        disk.connect();
        return Optional.of(disk);
    }

    @Override
    public Path folder() {
        return mounted;
    }

    @Override
    public boolean has(Fault fault) {
        return fault == Fault.POWER_CUT;
    }

    /** Cuts the power: from now on no write and no flush succeeds. */
    @Override
    public void begin(Fault fault) {
        if (!isCut) {
            command("cut " + powerCuts + " " + afterCut());
            isCut = true;
        }
    }

    /** Mounts the disk again with what it has kept. No process may use it. */
    @Override
    public void end() throws IOException {
        if (isCut) {
            disconnect();
            Files.move(afterCut(), image(), StandardCopyOption.REPLACE_EXISTING);
            powerCuts++;
            isCut = false;
            connect();
        }
    }

    private Path afterCut() {
        return workspace.resolve("cut-" + powerCuts);
    }

    /** Content of the device when it is connected. */
    private Path image() {
        return workspace.resolve("image");
    }

    private Path device() {
        return workspace.resolve("device-" + powerCuts);
    }

    private Path control() {
        return workspace.resolve("control-" + powerCuts);
    }

    private void connect() throws IOException {
        Files.createFile(device());
        Path plugin = PathUtils.copyFileToDirectory(script(), workspace, StandardCopyOption.REPLACE_EXISTING);
        new ProcessBuilder(
                        "nbdfuse",
                        device().toString(),
                        "[",
                        "nbdkit",
                        "--exit-with-parent",
                        "python",
                        plugin.toString(),
                        "size=" + (long) SIZE_MIB * MIB,
                        "image=" + image(),
                        "control=" + control(),
                        "]")
                .redirectErrorStream(true)
                .redirectOutput(workspace.resolve("nbd.log").toFile())
                .start();
        await("the device does not appear", () -> Files.size(device()) > 0);
        require("mount -o loop " + device() + " " + mounted);
    }

    private static Path script() {
        return Path.of(Objects.requireNonNull(VolatileDisk.class.getResource("/volatile-disk.py"))
                .getPath());
    }

    private void disconnect() throws IOException {
        require("umount " + mounted);
        await("the device is in use", () -> run("fusermount3 -u " + device()));
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(String otherwise, Condition condition) throws IOException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IOException(otherwise);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private void command(String line) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(control()));
                InputStream answer = Channels.newInputStream(channel)) {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
            answer.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException("the disk does not obey '" + line + "'", failure);
        }
    }

    private static void require(String command) throws IOException {
        SystemProgram program = SystemProgram.run(command.split(" ", -1));
        if (!program.succeeded()) {
            throw new IOException("'" + command + "' fails: " + program.output());
        }
    }

    private static boolean run(String command) {
        return SystemProgram.run(command.split(" ", -1)).succeeded();
    }

    @Override
    public void close() throws IOException {
        disconnect();
    }
}
