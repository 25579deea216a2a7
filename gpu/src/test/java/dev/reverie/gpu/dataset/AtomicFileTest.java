package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @Test
    @DisplayName("replaces the old content and leaves no other file")
    void replaces(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "old and longer");

        AtomicFile.write(file, out -> out.write('n'));

        assertThat(file).hasContent("n");
        assertThat(folder).isDirectoryContaining(file::equals);
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    @DisplayName("keeps the old content and leaves no other file when the disk becomes full")
    void keepsTheOldContent(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "old");

        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + file + ": No space left on device");

        assertThat(file).hasContent("old");
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    @DisplayName("has the content of the last writer to finish when another one writes it meanwhile")
    void concurrentWriters(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.txt");

        AtomicFile.write(file, first -> {
            first.write("first".getBytes(StandardCharsets.UTF_8));
            first.flush();
            AtomicFile.write(file, second -> second.write("the second one".getBytes(StandardCharsets.UTF_8)));
            assertThat(file).hasContent("the second one");
        });

        assertThat(file).hasContent("first");
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    @DisplayName("deletes what killed writers of the file have left before it needs space, and nothing else")
    void abandoned(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.txt");
        Path abandoned = Files.writeString(folder.resolve(".a.txt.00000001.part"), "half");
        Path used = Files.writeString(folder.resolve(".a.txt.00000002.part"), "half");
        Path ofAnother = Files.writeString(folder.resolve(".b.txt.00000003.part"), "half");
        try (FileChannel writer = FileChannel.open(used, StandardOpenOption.WRITE);
                FileLock lock = writer.lock()) {

            assertThatThrownBy(() -> AtomicFile.write(file, _ -> {
                        assertThat(abandoned).doesNotExist();
                        throw new IOException("No space left on device");
                    }))
                    .isInstanceOf(IOException.class);

            assertThat(lock.isValid()).isTrue();
            assertThat(used).exists();
            assertThat(ofAnother).exists();
        }
        assertThat(folder.toFile().list()).hasSize(2);
    }

    @Test
    @DisplayName("has the permissions of any new file")
    void permissions(@TempDir Path folder) throws IOException {
        Path usual = Files.createFile(folder.resolve("usual"));
        Path file = folder.resolve("a.txt");

        AtomicFile.write(file, out -> out.write('n'));

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
    }

    @Test
    @DisplayName("does not replace a device by a file")
    void keepsDevices() {
        Path device = Path.of("/dev/null");
        assumeThat(device).exists();

        assertThatThrownBy(() -> AtomicFile.write(device, out -> out.write('n')))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write /dev/null: it is no regular file");
    }

    @Test
    @DisplayName("lets only its owner read a private file, and verifies it before it replaces the old one")
    void writesPrivately(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "old");
        assertThatThrownBy(() -> AtomicFile.writePrivate(file, out -> out.write('n'), complete -> {
                    assertThat(complete).hasContent("n");
                    throw new IOException("it is not as it should be");
                }))
                .hasMessage("cannot write " + file + ": it is not as it should be");
        assertThat(file).hasContent("old");
        assertThat(folder.toFile().list()).hasSize(1);

        AtomicFile.writePrivate(file, out -> out.write('n'), _ -> {});
        assertThat(file).hasContent("n");
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    @DisplayName("leaves no other file when the content fails for another reason")
    void cleansUpAfterBugs(@TempDir Path folder) {
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("a.txt"), _ -> {
                    throw new IllegalStateException("bug");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisplayName("names the file that cannot be written even if the hidden file cannot be deleted either")
    void namesTheFile(@TempDir Path folder) {
        Path file = folder.resolve("a".repeat(250)); // the name of the hidden file is longer than a file system allows

        assertThatThrownBy(() -> AtomicFile.write(file, _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot write " + file + ": ");
    }

    @Test
    @DisplayName("names the missing folder, or the file that is in the way")
    void explains(@TempDir Path folder) throws IOException {
        Path orphan = folder.resolve("nowhere").resolve("a.txt");
        assertThatThrownBy(() -> AtomicFile.write(orphan, _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + orphan + ": its folder does not exist");

        Path occupied = folder.resolve("b.txt");
        Files.createDirectories(occupied.resolve("full"));
        assertThatThrownBy(() -> AtomicFile.write(occupied, _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot write " + occupied + ": ");
    }
}
