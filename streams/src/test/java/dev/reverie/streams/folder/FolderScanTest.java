package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.reverie.gpu.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A scan of a watched folder")
class FolderScanTest {

    private final Set<Path> reported = new HashSet<>();
    private Path root = Path.of("");

    @BeforeEach
    void createRoot(@TempDir Path temporary) throws IOException {
        root = temporary.toRealPath();
    }

    @Test
    @DisplayName("counts and names what it passes over: other files and deeper folders")
    void passesOver() throws IOException {
        put("cat/1.png");
        put("cat/Thumbs.db");
        put("cat/deep/2.png");
        put("README.md");
        put(".hidden/notes.txt");

        try (FolderScan scan = scan(_ -> {})) {
            assertThat(scan.next()).isPresent();
            assertThat(scan.next()).isEmpty();

            assertThat(scan.passedOver()).isEqualTo(3);
            assertThat(scan.namesPassedOver()).containsExactlyInAnyOrder("cat/Thumbs.db", "cat/deep", "README.md");
        }
    }

    @Test
    @DisplayName("reports a subfolder that cannot be listed once, until it could be listed")
    void unlistableFolder() throws IOException {
        Path subfolder = root.resolve("cat");

        try (CapturedLog log = new CapturedLog(FolderScan.class.getPackageName())) {
            for (boolean isUnlistable : new boolean[] {true, true, false, true}) {
                Files.deleteIfExists(subfolder);
                Files.createDirectory(subfolder);
                try (FolderScan scan = scan(isUnlistable ? replacing(subfolder) : _ -> {})) {
                    assertThat(scan.next()).isEmpty();
                }
            }

            assertThat(log.take())
                    .filteredOn(line -> line.contains("Cannot read " + subfolder + ", so it is skipped"))
                    .hasSize(2);
        }
    }

    @Test
    @DisplayName("reports a subfolder in one line of the log, even if its name has line breaks")
    void lineBreaksInNames() throws IOException {
        Path subfolder = Files.createDirectory(root.resolve("a\nERROR b"));

        try (CapturedLog log = new CapturedLog(FolderScan.class.getPackageName());
                FolderScan scan = scan(replacing(subfolder))) {
            assertThat(scan.next()).isEmpty();

            assertThat(log.take())
                    .anyMatch(line -> line.contains("a\\u000aERROR b"))
                    .noneMatch(line -> line.contains("\n"));
        }
    }

    @Test
    @DisplayName("is complete if a subfolder was deleted since it was listed")
    void deletedFolder() throws IOException {
        Path subfolder = Files.createDirectory(root.resolve("cat"));

        try (FolderScan scan = scan(deleting(subfolder))) {
            assertThat(scan.next()).isEmpty();
            assertThat(scan.isComplete()).isTrue();
        }
        assertThat(reported).isEmpty();
    }

    @Test
    @DisplayName("is not complete if a file is there but cannot be read")
    void unreadableFiles() throws IOException {
        put("cat/1.png");
        put("cat/2.png");

        try (FolderScan scan = scan(_ -> {})) {
            assertThat(scan.next()).isPresent();

            Files.move(root.resolve("cat"), root.resolve(".away"));
            link(root.resolve("cat"));

            assertThat(scan.next()).isEmpty();
            assertThat(scan.isComplete()).isFalse();
        }
    }

    @Test
    @DisplayName("leaves out lost+found, which only root can list")
    void lostAndFound() throws IOException {
        put("lost+found/1.png");

        try (FolderScan scan = scan(_ -> {})) {
            assertThat(scan.next()).isEmpty();
            assertThat(scan.isComplete()).isTrue();
        }
    }

    @Test
    @DisplayName("finds subfolders without files as well")
    void emptySubfolders() throws IOException {
        put("cat/1.png");
        Path empty = Files.createDirectory(root.resolve("dog"));

        try (FolderScan scan = scan(_ -> {})) {
            while (scan.next().isPresent()) {
                // only the folders matter
            }

            assertThat(scan.emptyFolders()).containsExactly(empty);
        }
    }

    /** Opens a scan that calls {@code onFolder} with each subfolder before it is listed. */
    private FolderScan scan(Consumer<Path> onFolder) throws IOException {
        return new FolderScan(root, false, onFolder, reported);
    }

    private static Consumer<Path> deleting(Path unwanted) {
        return folder -> {
            if (folder.equals(unwanted)) {
                assertThatCode(() -> Files.delete(folder)).doesNotThrowAnyException();
            }
        };
    }

    private static Consumer<Path> replacing(Path unwanted) {
        return deleting(unwanted).andThen(folder -> {
            if (folder.equals(unwanted)) {
                link(folder);
            }
        });
    }

    /** Creates a link to itself, which cannot be read, not even by root. */
    private static void link(Path path) {
        assertThatCode(() -> Files.createSymbolicLink(path, path)).doesNotThrowAnyException();
    }

    private void put(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
        Files.write(file, new byte[] {1});
    }
}
