package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A new store")
class NewStoreTest {

    private Path folder;

    @BeforeEach
    void nameTheFolder(@TempDir Path temporary) {
        folder = temporary.resolve("store");
    }

    @Test
    @DisplayName("appears in its folder when it is complete, and nobody else can use the folder before")
    void appearsWhenComplete() throws IOException {
        NewStore.create(folder, store -> {
            store.requireFactor(3);
            assertThat(Store.existsIn(folder)).isFalse();
            assertThatThrownBy(() -> Store.inFolder(folder))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is in use by another process");
            return 3;
        });

        try (Store created = Store.inFolder(folder)) {
            created.requireFactor(3);
        }
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("lock", Store.FILE);
    }

    @Test
    @DisplayName("that fails leaves everything else in the folder, even what appeared meanwhile")
    void leavesOtherFiles() throws IOException {
        Files.createDirectory(folder);
        assertThatThrownBy(() -> NewStore.create(folder, _ -> {
                    Files.writeString(folder.resolve("other.backup"), "of another job");
                    Files.createDirectories(folder.resolve("photos").resolve("holiday"));
                    throw new IOException("no such backup");
                }))
                .hasMessage("no such backup");

        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("other.backup", "photos", "lock");
    }

    @Test
    @DisplayName("that fails leaves no store, so that it can be created again")
    void leavesNoStore() throws IOException {
        assertThatThrownBy(() -> NewStore.create(folder, _ -> {
                    throw new IllegalStateException("bug");
                }))
                .hasMessage("bug");

        assertThat(folder.toFile().list()).containsExactly("lock");
        NewStore.create(folder, _ -> true);
    }

    @Test
    @DisplayName("never replaces a store")
    void replacesNoStore() throws IOException {
        Store.inFolder(folder).close();
        byte[] before = Files.readAllBytes(folder.resolve(Store.FILE));

        assertThatThrownBy(() -> NewStore.create(folder, _ -> true))
                .isInstanceOf(StoreException.class)
                .hasMessage("the folder " + folder + " contains a store already: name another folder");

        assertThat(folder.resolve(Store.FILE)).hasBinaryContent(before);
    }

    @Test
    @DisplayName("whose creation was interrupted is not opened as an empty one, and can be created again")
    void isNotOpenedHalf() throws IOException {
        // given what a killed process leaves
        Path incomplete = folder.resolve(".incomplete-store");
        Store.inFolder(incomplete).close();

        assertThatThrownBy(() -> Store.inFolder(folder))
                .isInstanceOf(StoreException.class)
                .hasMessage("the restore into the folder " + folder
                        + " was interrupted: restore the backup again, or delete " + incomplete
                        + " to start a new store");
        NewStore.create(folder, _ -> true);
        Store.inFolder(folder).close();
        assertThat(incomplete).doesNotExist();
    }
}
