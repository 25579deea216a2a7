package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.ingest.Refusal;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A watched folder")
class FileDispositionTest extends AbstractFolderIngestTest {

    @Test
    @DisplayName("has accepted files moved to .done, and refused ones to .refused with the reason")
    void moves() throws IOException {
        put("cat/1.png", Pictures.greyPng(4, 4));
        put("cat/cut.png", Arrays.copyOf(Pictures.greyPng(8, 8), 60));
        put("lost.png", Pictures.greyPng(4, 4));
        put(".done/cat/1.png", new byte[] {1});

        FolderIngest ingest = open(After.MOVE, RARELY);
        await(() -> assertThat(files()).hasSize(6).noneMatch(name -> name.startsWith("cat/")));
        stop(ingest);

        assertThat(files())
                .contains(".done/cat/1.png", ".refused/cat/cut.png", ".refused/lost.png")
                .anyMatch(name -> name.matches("\\.done/cat/[0-9a-f]+-1\\.png"));
        assertThat(root.resolve(".refused/cat/cut.png.txt"))
                .content()
                .startsWith("image-invalid: the file")
                .endsWith("\n");
        assertThat(root.resolve(".refused/lost.png.txt")).content().contains("put it into a folder named by its label");
        assertThat(Files.readAllBytes(root.resolve(".done/cat/1.png"))).containsExactly(1);
        assertThat(recorded.reasons()).containsExactlyInAnyOrder("image-invalid", "label-invalid");
    }

    @Test
    @DisplayName("has files moved into a folder with the same bytes in its name, even if they are no text")
    void namesInAnotherEncoding() throws Exception {
        put("cafe/1.png", Pictures.greyPng(4, 4));
        Process rename = new ProcessBuilder("sh", "-c", "mv cafe \"$(printf 'caf\\351')\"")
                .directory(root.toFile())
                .start();
        assertThat(rename.waitFor()).isZero();
        Path name = anyEntry(root).getFileName();

        FolderIngest ingest = open(After.MOVE, RARELY);
        await(() -> assertThat(files()).hasSize(2).allMatch(file -> file.startsWith(".refused")));
        stop(ingest);

        assertThat(anyEntry(root.resolve(".refused")))
                .isEqualTo(root.resolve(".refused").resolve(name));
    }

    private static Path anyEntry(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.findFirst().orElseThrow();
        }
    }

    @Test
    @DisplayName("has stored files deleted, if so configured")
    void deletes() {
        put("cat/1.png", Pictures.greyPng(4, 4));

        FolderIngest ingest = open(After.DELETE, RARELY);

        await(() -> assertThat(files()).isEmpty());
        stop(ingest);
        assertThat(service.accepted("cat")).hasSize(1);
    }

    @Test
    @DisplayName("says nothing if another process has moved or deleted a file after it was read")
    void gone() {
        put("cat/1.png", Pictures.greyPng(4, 4));
        put("cat/2.png", Pictures.greyPng(4, 4));
        service.acceptOnly(
                _ -> root.resolve("cat/1.png").toFile().delete() || Files.notExists(root.resolve("cat/1.png")));

        LoggingTestKit.warn("cannot be moved or deleted").withOccurrences(0).expect(kit.system(), () -> {
            FolderIngest ingest = open(After.MOVE, RARELY);
            await(() -> assertThat(files()).containsExactly(".done/cat/2.png"));
            stop(ingest);
            return true;
        });

        assertThat(service.accepted("cat")).hasSize(2);
    }

    @Test
    @DisplayName("reports a refused file once, keeps it, and delivers the others, if files stay")
    void keepsRefused() {
        for (int i = 0; i < 9; i++) {
            put("cat/" + i + ".png", Pictures.greyPng(4, 4));
        }
        put("cat/broken.png", Arrays.copyOf(Pictures.greyPng(8, 8), 60));
        put("cat/inside.tif", Pictures.tiff(4, 4, "JPEG"));
        put("cat/large.png", new byte[5000]);
        put("cat/colour.png", Pictures.colourPng(4, 4));
        put("not\na label/1.png", Pictures.greyPng(4, 4));
        put("cat/notes.txt", new byte[1]);
        put("cat/.hidden.png", new byte[1]);
        put("cat/deeper/1.png", new byte[1]);
        service.acceptOnly(sample -> sample.image().shape().channels() == 1);

        FolderIngest ingest = open(After.LEAVE, Duration.ofMillis(200));
        await(() -> assertThat(service.accepted("cat")).hasSize(9));
        await(() -> assertThat(recorded.reasons()).hasSize(5));
        put("cat/last.png", Pictures.greyPng(4, 4));
        await(() -> assertThat(service.accepted("cat")).hasSize(10));
        stop(ingest);

        assertThat(recorded.reasons())
                .containsExactlyInAnyOrder(
                        "image-invalid", "image-invalid", "too-large", "shape-mismatch", "label-invalid");
        assertThat(files()).hasSize(18);
    }

    @Test
    @DisplayName("ignores symbolic links to files and folders")
    void links() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside/cat"));
        Files.write(outside.resolve("1.png"), Pictures.greyPng(4, 4));
        Files.createSymbolicLink(root.resolve("cat"), outside);
        put("dog/1.png", Pictures.greyPng(4, 4));
        Files.createSymbolicLink(root.resolve("dog/2.png"), outside.resolve("1.png"));
        Files.createSymbolicLink(root.resolve(".done"), outside);

        FolderIngest ingest = open(After.MOVE, RARELY);
        await(() -> assertThat(files()).contains(".refused/cat.txt", ".refused/dog/2.png.txt"));
        await(() -> assertThat(service.accepted("dog")).hasSize(1));
        stop(ingest);

        assertThat(recorded.reasons()).containsExactly("link-refused", "link-refused");
        assertThat(service.accepted("cat")).isEmpty();
        assertThat(root.resolve("dog/1.png")).exists();
        try (Stream<Path> untouched = Files.list(outside)) {
            assertThat(untouched).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MOVE", "DELETE"})
    @DisplayName("has no file outside it moved or deleted if a subfolder becomes a symbolic link")
    void subfolderBecomesLink(After after) throws IOException {
        // given a link to files with the sizes and times of those that were found
        put("cat/1.png", Pictures.greyPng(4, 4));
        FoundFile file = FoundFile.at(root, Path.of("cat", "1.png"), false);
        Path outside = Files.move(root.resolve("cat"), folder.resolve("outside"));
        Files.createSymbolicLink(root.resolve("cat"), outside);
        FileDisposition disposition = disposition(after);

        disposition.accepted(file).toCompletableFuture().join();
        disposition
                .refused(file, new Refusal("link-refused", "it is a link", 1))
                .toCompletableFuture()
                .join();

        assertThat(outside.resolve("1.png")).exists();
        assertThat(files()).isEmpty();
    }

    @Test
    @DisplayName("has files moved and deleted on a file system that cannot hold folders open")
    void otherFileSystem() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("watched.zip"), Map.of("create", "true"))) {
            Path watched = Files.createDirectory(zip.getPath("/watched"));
            Files.createDirectory(watched.resolve("cat"));
            Files.write(watched.resolve("cat/1.png"), Pictures.greyPng(4, 4));
            Files.write(watched.resolve("cat/2.png"), Pictures.greyPng(4, 4));

            disposition(After.MOVE)
                    .accepted(FoundFile.at(watched, zip.getPath("cat/1.png"), false))
                    .toCompletableFuture()
                    .join();
            disposition(After.DELETE)
                    .accepted(FoundFile.at(watched, zip.getPath("cat/2.png"), false))
                    .toCompletableFuture()
                    .join();

            assertThat(watched.resolve(".done/cat/1.png")).exists();
            assertThat(watched.resolve("cat")).isEmptyDirectory();
        }
    }

    private static FileDisposition disposition(After after) {
        return new FileDisposition(
                after, Runnable::run, new SeenFiles(FileKeys.NONE, FileKeys.NONE, Duration.ZERO, () -> 0));
    }
}
