package dev.reverie.deploy.history.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reverie.deploy.history.faults.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A disk whose power is cut")
class VolatileDiskIT {

    private static final int CUTS = 8;
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 64;

    @ParameterizedTest
    @EnumSource
    @DisplayName("keeps what was flushed, and not all of what was written since")
    void forgets(VolatileDisk.FileSystem fileSystem, @TempDir Path workspace) throws IOException {
        int lost = 0;
        try (VolatileDisk disk = mount(workspace, fileSystem)) {
            Path file = disk.folder().resolve("file");
            for (int cut = 1; cut <= CUTS; cut++) {
                try (FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    write(channel, cut);
                    channel.force(true);
                    write(channel, -cut);
                    disk.begin(Fault.POWER_CUT);
                    assertThatThrownBy(() -> channel.force(true)).isInstanceOf(IOException.class);
                }
                disk.end();

                for (byte each : Files.readAllBytes(file)) {
                    assertThat(Math.abs(each)).isEqualTo(cut);
                    lost += each == cut ? 1 : 0;
                }
            }
        }
        assertThat(lost).as("bytes that were not flushed").isPositive();
    }

    private static VolatileDisk mount(Path workspace, VolatileDisk.FileSystem fileSystem) throws IOException {
        Optional<VolatileDisk> disk = VolatileDisk.in(workspace, fileSystem);
        assumeThat(disk).as("a disk of nbdkit, mounted as root").isPresent();
        return disk.orElseThrow();
    }

    private static void write(FileChannel channel, int value) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (int i = 0; i < BLOCKS; i++) {
            block.clear();
            while (block.hasRemaining()) {
                block.put((byte) value);
            }
            channel.write(block.flip(), (long) i * BLOCK);
        }
    }
}
