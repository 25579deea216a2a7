package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store")
class StoredFactorTest {

    private Path folder;

    @BeforeEach
    void nameTheFolder(@TempDir Path temporary) {
        folder = temporary;
    }

    @Test
    @DisplayName("requires the factor of multi-formation that it was created with")
    void requiresItsFactor() {
        try (Store first = Store.inFolder(folder)) {
            first.requireFactor(2);
            first.requireFactor(2);
        }
        try (Store again = Store.inFolder(folder)) {
            assertThatThrownBy(() -> again.requireFactor(3))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + again.name() + " has images learned with factor 2, not 3:"
                            + " set reverie.learning.factor to 2, set reverie.learning.method to a method with this"
                            + " factor, or start a new store");
            again.requireFactor(2);
        }
    }

    @Test
    @DisplayName("refuses a factor that only a later version knows")
    void unknownFactor() throws SQLException {
        try (Store first = Store.inFolder(folder)) {
            first.requireFactor(2);
        }
        StoreFile.in(folder).execute("UPDATE reverie_store SET factor = -2");
        try (Store again = Store.inFolder(folder)) {
            assertThatThrownBy(again::letImagesChooseFactor)
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + again.name()
                            + " has the unknown factor -2: use the version of Reverie that wrote it");
        }
    }

    @Test
    @DisplayName("lets its images choose the factor for ever, unless it has one")
    void imagesChooseFactor(@TempDir Path other) {
        try (Store first = Store.inFolder(folder)) {
            assertThat(first.letImagesChooseFactor()).isEmpty();
        }
        try (Store again = Store.inFolder(folder)) {
            assertThat(again.letImagesChooseFactor()).isEmpty();
            assertThatThrownBy(() -> again.requireFactor(2))
                    .isInstanceOf(StoreException.class)
                    .hasMessage(
                            "the images in the store " + again.name() + " choose the factor: set"
                                    + " reverie.learning.factor to auto and reverie.learning.method to dm, or start a new store");
        }
        try (Store fixed = Store.inFolder(other)) {
            fixed.requireFactor(2);
            assertThat(fixed.letImagesChooseFactor()).hasValue(2);
        }
    }
}
