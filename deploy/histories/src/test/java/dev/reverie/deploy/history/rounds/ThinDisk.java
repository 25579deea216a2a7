package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.faults.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file system of limited size that can be full, and whose device can fail. The device is a loop device on a sparse
 * file, which lies in a tmpfs that is larger than the file system. When the tmpfs has no room, the device cannot store
 * blocks that it does not have yet: a write into the page cache succeeds, and the following flush fails.
 */
final class ThinDisk implements FaultyDisk {

    private static final int MIB = 1 << 20;
    private static final int DEVICE_MIB = 96;
    private static final int BACKING_MIB = 128;

    private final Path backing;
    private final Path mounted;

    private ThinDisk(Path backing, Path mounted) {
        this.backing = backing;
        this.mounted = mounted;
    }

    /** Mounts a disk in a folder; empty if this process is not allowed to. */
    static Optional<ThinDisk> in(Path folder) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.empty();
        }
        Path backing = Files.createDirectories(folder.resolve("backing"));
        Path mounted = Files.createDirectories(folder.resolve("disk"));
        if (!run("mount", "-t", "tmpfs", "-o", "size=" + BACKING_MIB + "m", "tmpfs", backing.toString())) {
            return Optional.empty();
        }
        Path device = backing.resolve("device");
        boolean isMounted = run("truncate", "-s", DEVICE_MIB + "M", device.toString())
                && run("mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", device.toString())
                && run("mount", "-o", "loop,discard,errors=continue", device.toString(), mounted.toString());
        if (!isMounted) {
            run("umount", backing.toString());
            return Optional.empty();
        }
        return Optional.of(new ThinDisk(backing, mounted));
    }

    @Override
    public Path folder() {
        return mounted;
    }

    @Override
    public boolean has(Fault fault) {
        return fault == Fault.DISK_FULL || fault == Fault.DISK_ERROR;
    }

    /** Leaves no space in the file system, or lets the device fail to store further blocks. */
    @Override
    public void begin(Fault fault) {
        fill((fault == Fault.DISK_FULL ? mounted : backing).resolve("ballast"));
    }

    private static void fill(Path ballast) {
        try (OutputStream out = Files.newOutputStream(ballast)) {
            byte[] zeros = new byte[MIB / 16];
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            // There is no space left.
        }
    }

    @Override
    public void end() throws IOException {
        Files.deleteIfExists(mounted.resolve("ballast"));
        Files.deleteIfExists(backing.resolve("ballast"));
    }

    private static boolean run(String... command) {
        return SystemProgram.run(command).succeeded();
    }

    @Override
    public void close() {
        run("umount", mounted.toString());
        run("umount", "--lazy", backing.toString()); // the loop device lets go of its file a little later
    }
}
