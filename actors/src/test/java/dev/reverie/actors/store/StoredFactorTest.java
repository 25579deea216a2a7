package dev.reverie.actors.store;

import static dev.reverie.gpu.method.FactorRule.FEW_BYTES;
import static dev.reverie.gpu.method.FactorRule.MANY_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.backup.BackupReader;
import dev.reverie.actors.backup.BackupStream;
import dev.reverie.actors.backup.StoreRestore;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.FactorRule;
import dev.reverie.gpu.method.Method;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A store")
class StoredFactorTest {
    @TempDir
    private Path folder = Path.of("");

    @RegisterExtension
    static final PostgresPerClass POSTGRES = new PostgresPerClass();

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
        StoreFile.in(folder).execute("UPDATE reverie_store SET factor = -3");
        try (Store again = Store.inFolder(folder)) {
            assertThatThrownBy(() -> again.letImagesChooseFactor(FEW_BYTES))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + again.name()
                            + " has the unknown factor -3: use the version of Reverie that wrote it");
        }
    }

    @Test
    @DisplayName("lets its images choose the factor for ever, unless it has one")
    void imagesChooseFactor(@TempDir Path other) {
        try (Store first = Store.inFolder(folder)) {
            assertThat(first.letImagesChooseFactor(FEW_BYTES)).isEqualTo(chosenBy(FEW_BYTES, first));
        }
        try (Store again = Store.inFolder(folder)) {
            assertThat(again.letImagesChooseFactor(MANY_BYTES)).isEqualTo(chosenBy(FEW_BYTES, again));
            assertThatThrownBy(() -> again.requireFactor(2))
                    .isInstanceOf(StoreException.class)
                    .hasMessage(
                            "the images in the store " + again.name() + " choose the factor: set"
                                    + " reverie.learning.factor to auto and reverie.learning.method to dm, or start a new store");
        }
        try (Store fixed = Store.inFolder(other)) {
            fixed.requireFactor(2);
            assertThat(fixed.letImagesChooseFactor(MANY_BYTES).fixed()).hasValue(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"FEW_BYTES, 2", "MANY_BYTES, 1"})
    @DisplayName("goes on with the rule by which its images choose, whatever the size of the memory is later")
    void goesOnWithItsRule(FactorRule rule, int factor) {
        try (Store first = Store.inFolder(folder)) {
            first.letImagesChooseFactor(rule);
        }
        try (Store again = Store.inFolder(folder)) {
            FactorRule other = rule == FEW_BYTES ? MANY_BYTES : FEW_BYTES;

            assertThat(again.letImagesChooseFactor(other).of(Method.DM, new ImageShape(3, 32, 32)))
                    .isEqualTo(factor);
            again.requireFactor(1, own -> OptionalInt.of(own == rule ? 1 : 2));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("has the factor that its images have chosen for ever, once it is required")
    void isFixed(Kind kind) {
        try (Store first = open(kind)) {
            first.letImagesChooseFactor(FEW_BYTES);
        }

        try (Store again = open(kind)) {
            again.requireFactor(2, _ -> OptionalInt.of(2));
        }

        try (Store fixed = open(kind)) {
            assertThat(fixed.letImagesChooseFactor(MANY_BYTES).fixed()).hasValue(2);
            fixed.requireFactor(2, _ -> {
                throw new AssertionError("a store that has a factor asks for it");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("refuses another factor than its images have chosen, and goes on to let them choose")
    void refusesOthers(Kind kind) {
        try (Store store = open(kind)) {
            store.letImagesChooseFactor(FEW_BYTES);

            assertThatThrownBy(() -> store.requireFactor(1, _ -> OptionalInt.of(2)))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + store.name() + " has images learned with factor 2, not 1: set"
                            + " reverie.learning.factor to 2, set reverie.learning.method to a method with this factor,"
                            + " or start a new store");
            assertThat(store.letImagesChooseFactor(MANY_BYTES)).isEqualTo(chosenBy(FEW_BYTES, store));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("refuses every factor while nobody knows which one its images have chosen")
    void refusesUnknown(Kind kind) {
        try (Store store = open(kind)) {
            store.letImagesChooseFactor(FEW_BYTES);

            assertThatThrownBy(() -> store.requireFactor(1, _ -> OptionalInt.empty()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("the images in the store " + store.name() + " choose the factor: ");
            assertThat(store.letImagesChooseFactor(MANY_BYTES)).isEqualTo(chosenBy(FEW_BYTES, store));
        }
    }

    @Test
    @DisplayName("lets its images choose on all nodes of a cluster if the first node does")
    void firstNodeDecides() {
        try (Store first = openNode();
                Store second = openNode()) {
            assertThat(first.letImagesChooseFactor(FEW_BYTES)).isEqualTo(chosenBy(FEW_BYTES, first));

            assertThatThrownBy(() -> second.requireFactor(2)).isInstanceOf(StoreException.class);
            assertThat(second.letImagesChooseFactor(MANY_BYTES)).isEqualTo(chosenBy(FEW_BYTES, second));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("lets its images choose after it is restored from a backup")
    void isRestored(Kind kind) throws IOException {
        byte[] backup;
        try (Store original = Store.inFolder(folder.resolve("original"))) {
            original.letImagesChooseFactor(FEW_BYTES);
            backup = backupOf(original);
        }

        try (Store restored = open(kind)) {
            StoreRestore.restore(
                    new BackupReader(new ByteArrayInputStream(backup), "nightly"), restored, _ -> {}, (_, _) -> {});

            assertThatThrownBy(() -> restored.requireFactor(1)).isInstanceOf(StoreException.class);
            assertThat(restored.letImagesChooseFactor(MANY_BYTES)).isEqualTo(chosenBy(FEW_BYTES, restored));
        }
    }

    /** The places where a store can be. */
    enum Kind {
        FOLDER,
        SERVER
    }

    private static StoredFactor chosenBy(FactorRule rule, Store store) {
        return new StoredFactor(store.name(), rule.mark());
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
