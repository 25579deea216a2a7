package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reverie.actors.store.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A temporary folder")
class TemporaryFolderTest {

    private static final int THREADS = 4;
    private static final int FOLDERS = 250;

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
        assumeThat(System.getProperty("user.name"))
                .as("only root can give a folder away")
                .isEqualTo("root");
        Path other = Files.createDirectory(parent.resolve(".reverie-temporary-1"));
        Files.createFile(other.resolve("temporary.lock"));
        Files.setOwner(
                other, other.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

        TemporaryFolder.in(parent).close();

        assertThat(other).exists();
    }

    @Test
    @DisplayName("of a killed process is deleted by the next one, but one that is in use, and any other folder, stays")
    void deletesAbandoned(@TempDir Path parent) throws IOException {
        Path abandoned = Files.createDirectory(parent.resolve(".reverie-temporary-1"));
        Files.createFile(abandoned.resolve("temporary.lock")); // the operating system has released it
        Files.writeString(abandoned.resolve("reverie.db"), "rows");
        Path notLocked = Files.createDirectory(parent.resolve(".reverie-temporary-2"));
        Path other = Files.createDirectory(parent.resolve("reverie-temporary-3"));

        try (TemporaryFolder used = TemporaryFolder.in(parent)) {
            TemporaryFolder.in(parent).close();

            assertThat(used.path()).exists();
        }
        assertThat(abandoned).doesNotExist();
        assertThat(notLocked).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    @DisplayName("is not confused with the output folder of a run, whatever its name is")
    void keepsRuns(@TempDir Path parent) throws IOException {
        for (String name : List.of(".store-a", ".reverie-temporary-a")) {
            RunFolder results = new RunFolder(parent.resolve(name));
            results.create();
            try (FolderLock _ = results.lock()) {
                Files.writeString(results.set(), "images");
            }

            TemporaryFolder.in(parent).close();

            assertThat(results.set()).exists();
        }
    }

    @Test
    @DisplayName("is closed without a failure while others look for abandoned folders")
    void createdAtOnce(@TempDir Path parent) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> tasks = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                tasks.add(threads.submit(() -> {
                    for (int i = 0; i < FOLDERS; i++) {
                        try (TemporaryFolder folder = TemporaryFolder.in(parent)) {
                            Files.createFile(folder.path().resolve("checkpoint.bin"));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> task : tasks) {
                task.get();
            }
        }

        assertThat(parent).isEmptyDirectory();
    }
}
