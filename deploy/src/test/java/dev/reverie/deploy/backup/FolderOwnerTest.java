package dev.reverie.deploy.backup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.deploy.run.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder of a store")
class FolderOwnerTest {

    private static final String NOBODY = "nobody";

    private Path folder = Path.of("");
    private String owner = "";

    /** A user other than root cannot give a folder away, but owns it. */
    @BeforeEach
    void giveAway(@TempDir Path temporary) throws IOException {
        folder = temporary;
        if (Files.getOwner(folder).getName().equals("root")) {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY));
        }
        owner = Files.getOwner(folder).getName();
    }

    @Test
    @DisplayName("that belongs to another user is refused to root, with the user who can use it")
    void refused() {
        assertThatThrownBy(() -> StorePlace.Folder.requireOwner(folder, "root"))
                .isInstanceOf(InputException.class)
                .hasMessage("the folder " + folder + " belongs to the user " + owner
                        + ", whose service could not use files of root: run this command as that user (runuser -u "
                        + owner + " -- ...)");
    }

    @Test
    @DisplayName("is refused before it exists, with the folder of another user in which it would be")
    void refusedBeforeItExists() {
        Path store = folder.resolve("new").resolve("store");

        assertThatThrownBy(() -> StorePlace.Folder.requireOwner(store, "root"))
                .hasMessageStartingWith("the folder " + folder + " belongs to the user " + owner);
    }

    @Test
    @DisplayName("can be used by its owner, and by other users as far as its permissions go")
    void allowed() {
        assertThatCode(() -> StorePlace.Folder.requireOwner(folder, owner)).doesNotThrowAnyException();
        assertThatCode(() -> StorePlace.Folder.requireOwner(folder, "other")).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("of root can be used by root")
    void allowedToRoot() {
        assertThatCode(() -> StorePlace.Folder.requireOwner(Path.of("/new"), "root"))
                .doesNotThrowAnyException();
    }
}
