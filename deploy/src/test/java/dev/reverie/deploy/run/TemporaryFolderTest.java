package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A temporary folder")
class TemporaryFolderTest {

    @Test
    @DisplayName("is deleted with its content when it is closed")
    void deletes(@TempDir Path parent) throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.in(parent)) {
            Files.writeString(folder.path().resolve("checkpoint.bin"), "state");
        }

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    @DisplayName("is closed even if another process has deleted it")
    void isDeletedElsewhere(@TempDir Path parent) throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.in(parent)) {
            PathUtils.deleteDirectory(folder.path());
        }

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    @DisplayName("of another user stays, even if its lock is free")
    void keepsThoseOfOthers(@TempDir Path parent) throws IOException {
        // given
        assumeThat(System.getProperty("user.name"))
                .as("only root can give a folder away")
                .isEqualTo("root");
        Path other = Files.createDirectory(parent.resolve(".store1"));
        Files.createFile(other.resolve(".lock"));
        Files.setOwner(
                other, other.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

        // when
        TemporaryFolder.in(parent).close();

        // then
        assertThat(other).exists();
    }

    @Test
    @DisplayName("of a killed process is deleted by the next one, but one that is in use, and any other folder, stays")
    void deletesAbandoned(@TempDir Path parent) throws IOException {
        // given
        Path abandoned = Files.createDirectory(parent.resolve(".store1"));
        Files.createFile(abandoned.resolve(".lock")); // the operating system has released it
        Files.writeString(abandoned.resolve("reverie.mv.db"), "rows");
        Path other = Files.createDirectory(parent.resolve(".store2"));

        try (TemporaryFolder used = TemporaryFolder.in(parent)) {
            // when
            TemporaryFolder.in(parent).close();

            // then
            assertThat(used.path()).exists();
        }
        assertThat(abandoned).doesNotExist();
        assertThat(other).exists();
    }
}
