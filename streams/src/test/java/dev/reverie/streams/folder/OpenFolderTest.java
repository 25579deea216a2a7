package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder that is held open")
class OpenFolderTest {

    private static final Path NAME = Path.of("cat", "1.png");
    private static final Path FILE = Path.of("1.png");

    private Path root = Path.of("");
    private Path outside = root;
    private Path away = root;

    @BeforeEach
    void createFolders(@TempDir Path temporary) throws IOException {
        Path folder = temporary.toRealPath();
        root = Files.createDirectory(folder.resolve("root"));
        outside = Files.createDirectory(folder.resolve("outside"));
        away = root.resolve("away");
        Files.createDirectory(root.resolve("cat"));
        Files.writeString(root.resolve(NAME), "inside");
        Files.writeString(outside.resolve(FILE), "outside");
    }

    @Test
    @DisplayName("stays the same if a symbolic link takes its place")
    void staysTheSame() throws IOException {
        try (OpenFolder folder = OpenFolder.of(root, NAME)) {
            replaceByLink();

            assertThat(text(folder)).isEqualTo("inside");
            folder.write(Path.of("2.txt"), "text");
            folder.move(FILE, folder, Path.of("3.png"));
            assertThat(away.resolve("2.txt")).content().isEqualTo("text");
            folder.delete(Path.of("3.png"));
        }
        assertThat(away.toFile().list()).containsExactly("2.txt");
        assertThat(outside.toFile().list()).containsExactly("1.png");
    }

    @Test
    @DisplayName("is not behind a symbolic link")
    void refusesLinks() throws IOException {
        replaceByLink();

        assertThatThrownBy(() -> OpenFolder.of(root, NAME)).isInstanceOf(IOException.class);
    }

    @Test
    @DisplayName("is not a regular file")
    void refusesFiles() {
        assertThatThrownBy(() -> OpenFolder.of(root, NAME.resolve("2.png")))
                .isInstanceOf(NotDirectoryException.class)
                .hasMessage(root.resolve(NAME).toString());
    }

    @Test
    @DisplayName("reads no symbolic link, and replaces one itself when it writes")
    void replacesLinkedFiles() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("cat/link.txt"), outside.resolve(FILE));

        try (OpenFolder folder = OpenFolder.of(root, NAME)) {
            assertThatThrownBy(() -> folder.read(link.getFileName())).isInstanceOf(IOException.class);
            folder.write(link.getFileName(), "text");
        }

        assertThat(link).isRegularFile().content().isEqualTo("text");
        assertThat(outside.resolve(FILE)).content().isEqualTo("outside");
    }

    @Test
    @DisplayName("replaces a file itself when it writes, and not the content that its other names share")
    void replacesHardLinks() throws IOException {
        Path name = Files.createLink(root.resolve("cat/link.txt"), outside.resolve(FILE));

        try (OpenFolder folder = OpenFolder.of(root, NAME)) {
            folder.write(name.getFileName(), "text");
        }

        assertThat(name).content().isEqualTo("text");
        assertThat(outside.resolve(FILE)).content().isEqualTo("outside");
    }

    @Test
    @DisplayName("waits for no pipe: it reads none, and replaces one when it writes")
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void pipes() throws IOException, InterruptedException {
        Path pipe = root.resolve("cat/1.png.txt");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        try (OpenFolder folder = OpenFolder.of(root, NAME)) {
            assertThatThrownBy(() -> folder.read(pipe.getFileName()))
                    .isInstanceOf(IOException.class)
                    .hasMessage(pipe + " is not a regular file");
            folder.write(pipe.getFileName(), "text");
        }

        assertThat(pipe).isRegularFile().content().isEqualTo("text");
    }

    private void replaceByLink() throws IOException {
        Files.move(root.resolve("cat"), away);
        Files.createSymbolicLink(root.resolve("cat"), outside);
    }

    private static String text(OpenFolder folder) throws IOException {
        try (InputStream in = folder.read(FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
