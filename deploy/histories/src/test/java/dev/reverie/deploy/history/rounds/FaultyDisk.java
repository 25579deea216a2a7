package dev.reverie.deploy.history.rounds;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.io.file.PathUtils;

/**
 * A file system that can be full, whose device can fail, and whose device forgets what was not flushed when its power
 * is cut. The device is a loop device on a file that nbdkit serves with {@code faulty-disk.py}. Needs root, nbdkit with
 * its Python plugin, and nbdfuse.
 */
final class FaultyDisk implements AutoCloseable {

    private static final int MIB = 1 << 20;
    private static final int SIZE_MIB = 320; // the smallest size that mkfs.xfs accepts is 300 MiB
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(10);

    private final Path workspace;
    private final FileSystem fileSystem;
    private final Path mounted;
    private int powerCuts;

    /** How the device is formatted. */
    enum FileSystem {
        EXT4("mkfs.ext4 -q -m 0", "errors=continue"),
        XFS("mkfs.xfs -q", "nouuid");

        private final String format;
        private final String options;

        FileSystem(String format, String options) {
            this.format = format;
            this.options = options;
        }
    }

    private FaultyDisk(Path workspace, FileSystem fileSystem) throws IOException {
        this.workspace = Files.createDirectories(workspace);
        this.fileSystem = fileSystem;
        this.mounted = Files.createDirectories(workspace.resolve("disk"));
    }

    /** Mounts an empty disk in a folder; empty if this process is not allowed to, or a program is missing. */
    static Optional<FaultyDisk> in(Path workspace, FileSystem fileSystem) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.empty();
        }
        FaultyDisk disk = new FaultyDisk(workspace, fileSystem);
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

    /** The folder of the file system. */
    Path folder() {
        return mounted;
    }

    /** Leaves no space in the file system. */
    void fill() {
        try (OutputStream out = Files.newOutputStream(ballast())) {
            byte[] zeros = new byte[MIB / 16];
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            // There is no space left.
        }
    }

    /** Lets the device fail to write and to flush. */
    void fail() {
        command("fail");
    }

    /** Makes room in the file system, and lets the device write again. */
    void mend() throws IOException {
        command("mend");
        Files.deleteIfExists(ballast());
    }

    /** Cuts the power: from now on no write and no flush succeeds, until {@link #restore}. */
    void cutPower(long seed) {
        command("cut " + seed + " " + workspace.resolve("cut-" + powerCuts));
    }

    /** Mounts the disk again after a power cut. No process may use it. */
    void restore() throws IOException {
        disconnect();
        Files.move(workspace.resolve("cut-" + powerCuts), image(), StandardCopyOption.REPLACE_EXISTING);
        powerCuts++;
        connect();
    }

    private Path ballast() {
        return mounted.resolve("ballast");
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
        require("mount -o loop," + fileSystem.options + " " + device() + " " + mounted);
    }

    private static Path script() {
        return Path.of(Objects.requireNonNull(FaultyDisk.class.getResource("/faulty-disk.py"))
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
        if (!run(command)) {
            throw new IOException("'" + command + "' fails");
        }
    }

    /** Whether the program exists, ran and succeeded. */
    private static boolean run(String command) {
        try {
            return new ProcessBuilder(List.of(command.split(" ", -1)))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interruption);
        }
    }

    @Override
    public void close() throws IOException {
        disconnect();
    }
}
