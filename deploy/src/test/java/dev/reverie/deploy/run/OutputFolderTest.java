package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder that cannot be written")
class OutputFolderTest {

    @TempDir
    private Path existing = Path.of("");

    @Test
    @DisplayName("is wrong input if it is missing, is no folder or has other permissions")
    void wronglyNamed() throws IOException {
        Path file = Files.createFile(existing.resolve("file"));

        for (IOException cause : List.of(
                new NoSuchFileException("out"),
                new AccessDeniedException("out"),
                new FileAlreadyExistsException("out"))) {
            assertThat(exception(existing, cause)).isInstanceOf(InputException.class);
        }
        assertThat(exception(file.resolve("out"), new FileSystemException("out", null, "Not a directory")))
                .isInstanceOf(InputException.class)
                .hasMessage("cannot write to the output folder " + file.resolve("out")
                        + " (Not a directory): name a writable folder with --out");
    }

    @Test
    @DisplayName("is wrong input if it has a folder where a file must be")
    void folderForFile() {
        assertThat(exception(existing, new DirectoryNotEmptyException("out/synthetic.npz")))
                .isInstanceOf(InputException.class)
                .hasMessage("cannot write to the output folder " + existing
                        + " (out/synthetic.npz is a folder that is not empty): name a writable folder with --out");
    }

    @Test
    @DisplayName("is a failure of the machine if its disk is full, even before the folder is created")
    void fullDisk() {
        for (Path folder : List.of(existing, existing.resolve("new").resolve("out"))) {
            assertThat(exception(folder, new FileSystemException("out", null, "No space left on device")))
                    .isInstanceOf(UncheckedIOException.class)
                    .cause()
                    .hasMessage("cannot write to the output folder " + folder
                            + " (No space left on device): check its disk, or name another folder with --out");
        }
    }

    private static RuntimeException exception(Path folder, IOException cause) {
        return new OutputFolder(folder, "output", "--out").unwritable(cause);
    }
}
