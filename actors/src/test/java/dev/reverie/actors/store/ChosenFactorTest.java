package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.backup.BackupReader;
import dev.reverie.actors.backup.BackupStream;
import dev.reverie.actors.backup.StoreRestore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A store whose images choose the factor")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ChosenFactorTest {

    @RegisterExtension
    static final PostgresPerClass POSTGRES = new PostgresPerClass();

    private Path folder;

    @BeforeEach
    void nameTheFolder(@TempDir Path temporary) {
        folder = temporary;
    }

    /** The places where a store can be. */
    enum Kind {
        FOLDER,
        SERVER
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("has the one that they have chosen for ever, once it is required")
    void isFixed(Kind kind) {
        try (Store first = open(kind)) {
            first.letImagesChooseFactor();
        }

        try (Store again = open(kind)) {
            again.requireFactor(2, () -> OptionalInt.of(2));
        }

        try (Store fixed = open(kind)) {
            assertThat(fixed.letImagesChooseFactor()).hasValue(2);
            fixed.requireFactor(2, () -> {
                throw new AssertionError("a store that has a factor asks for it");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("refuses another factor than they have chosen, and goes on to let them choose")
    void refusesOthers(Kind kind) {
        try (Store store = open(kind)) {
            store.letImagesChooseFactor();

            assertThatThrownBy(() -> store.requireFactor(1, () -> OptionalInt.of(2)))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + store.name() + " has images learned with factor 2, not 1: set"
                            + " reverie.learning.factor to 2, set reverie.learning.method to a method with this factor,"
                            + " or start a new store");
            assertThat(store.letImagesChooseFactor()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("refuses every factor while nobody knows which one they have chosen")
    void refusesUnknown(Kind kind) {
        try (Store store = open(kind)) {
            store.letImagesChooseFactor();

            assertThatThrownBy(() -> store.requireFactor(1, OptionalInt::empty))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("the images in the store " + store.name() + " choose the factor: ");
            assertThat(store.letImagesChooseFactor()).isEmpty();
        }
    }

    @Test
    @DisplayName("lets them choose on all nodes of a cluster if the first node does")
    void firstNodeDecides() {
        try (Store first = openNode();
                Store second = openNode()) {
            assertThat(first.letImagesChooseFactor()).isEmpty();

            assertThatThrownBy(() -> second.requireFactor(2)).isInstanceOf(StoreException.class);
            assertThat(second.letImagesChooseFactor()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("lets them choose after it is restored from a backup")
    void isRestored(Kind kind) throws IOException {
        byte[] backup;
        try (Store original = Store.inFolder(folder.resolve("original"))) {
            original.letImagesChooseFactor();
            backup = backupOf(original);
        }

        try (Store restored = open(kind)) {
            StoreRestore.restore(
                    new BackupReader(new ByteArrayInputStream(backup), "nightly"), restored, _ -> {}, (_, _) -> {});

            assertThatThrownBy(() -> restored.requireFactor(1)).isInstanceOf(StoreException.class);
            assertThat(restored.letImagesChooseFactor()).isEmpty();
        }
    }

    private static byte[] backupOf(Store store) {
        ByteArrayOutputStream backup = new ByteArrayOutputStream();
        try (BackupStream stream = BackupStream.of(store.snapshot(), Instant.EPOCH)) {
            for (Optional<ByteString> chunk = stream.next(); chunk.isPresent(); chunk = stream.next()) {
                backup.writeBytes(chunk.get().toArray());
            }
        }
        return backup.toByteArray();
    }

    private Store open(Kind kind) {
        return switch (kind) {
            case FOLDER -> Store.inFolder(folder.resolve("store"));
            case SERVER -> Store.onPostgres(POSTGRES.url(), PostgresServer.USER, "");
        };
    }

    private static Store openNode() {
        return Store.sharedOnPostgres(POSTGRES.url(), PostgresServer.USER, "");
    }
}
