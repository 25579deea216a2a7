package dev.reverie.actors.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.reverie.actors.registry.RegistryRows;
import dev.reverie.actors.registry.StoredRegistry;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoredRow;
import dev.reverie.gpu.dataset.ImageShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A backup that is restored")
class StoreRestoreTest extends AbstractStoreBackupTest {

    @ParameterizedTest
    @EnumSource
    @DisplayName("gives all rows and the factor to a database of either kind")
    void isRestoredAnywhere(Kind kind) throws IOException {
        byte[] backup;
        try (Store store = place(kind, "original").open()) {
            fill(store);
            backup = backupOf(store);
        }

        for (Kind target : Kind.values()) {
            try (Store restored = place(target, "restored").open()) {
                List<Long> bytesRead = new ArrayList<>();
                List<Long> unverified = new ArrayList<>();
                BackupSummary summary = StoreRestore.restore(
                        Backups.reader(backup),
                        restored,
                        bytesRead::add,
                        (rows, total) -> unverified.add(total - rows));

                assertThat(bytesRead).hasSameSizeAs(Backups.rows()).isSorted();
                assertThat(bytesRead.getLast()).isLessThan(summary.bytes());
                assertThat(unverified)
                        .as("rows that are not verified")
                        .hasSameSizeAs(Backups.rows())
                        .isSortedAccordingTo(Comparator.reverseOrder())
                        .endsWith(0L);
                assertThat(summary.classes()).isEqualTo(2);
                assertThat(rowsOf(restored))
                        .isEqualTo(Backups.rows().stream().sorted(Backups.ORDER).toList());
                restored.requireFactor(2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is refused by a store that has rows")
    void isRestoredIntoEmptyStoresOnly(Kind kind) throws IOException {
        try (Store store = place(kind, "store").open()) {
            fill(store);
            List<StoredRow> before = rowsOf(store);

            assertThatThrownBy(() -> restore(Backups.complete(), store))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + store.name() + " is not empty: name a new folder or an empty database");
            assertThat(rowsOf(store)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("that is damaged leaves the store empty, so that another backup can be restored")
    void isRestoredAsAWhole(Kind kind) throws IOException {
        byte[] complete = Backups.complete();
        try (Store store = place(kind, "store").open()) {
            assertThatThrownBy(() -> restore(Arrays.copyOf(complete, complete.length - 1), store))
                    .isInstanceOf(BackupException.class);
            assertThat(rowsOf(store)).isEmpty();

            restore(complete, store);
            assertThat(rowsOf(store)).hasSameSizeAs(Backups.rows());
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("whose rows are not whole in the store leaves the store empty")
    void isVerifiedBeforeItIsDurable(Kind kind) throws IOException {
        List<StoredRow> gap = Backups.rows().stream()
                .filter(row -> !row.persistenceId().equals("class|1") || row.sequenceNumber() != 6)
                .toList();
        try (Store store = place(kind, "store").open()) {
            assertThatThrownBy(() -> restore(Backups.of(gap), store))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + store.name()
                            + " does not contain what was written to it: check its disk, and use another place");
            assertThat(rowsOf(store)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " cat", "a\nb", "e\u0301", "a\u200bb"})
    @DisplayName("leaves the store empty if the name of a class is not a label")
    void refusesNamesThatAreNotLabels(String name) throws IOException {
        byte[] backup = Backups.of(List.of(RegistryRows.registering("cat", name)));
        try (Store store = place(Kind.SQLITE, "store").open()) {
            assertThatThrownBy(() -> restore(backup, store))
                    .isInstanceOf(BackupException.class)
                    .hasMessage("the backup has a class whose name is not a label, so no service can have written it:"
                            + " use another backup");
            assertThat(rowsOf(store)).isEmpty();
        }
    }

    static Stream<Arguments> contradictory() {
        return Stream.of(
                arguments(
                        named(
                                "two classes have the same label",
                                List.of(RegistryRows.registering("cat", "dog", "cat"))),
                        "two classes with the label cat"),
                arguments(
                        named(
                                "its list of classes registers more of them than there are indices",
                                List.of(
                                        RegistryRows.snapshot(1, Integer.MAX_VALUE - 1, "cat"),
                                        RegistryRows.registering(2, "dog"))),
                        "a list of classes that contradicts itself"),
                arguments(
                        named(
                                "its images are too small for its factor",
                                List.of(
                                        RegistryRows.initialising(1, new ImageShape(1, 28, 1)),
                                        RegistryRows.registering(2, "cat"))),
                        "the backup has the factor 2, for which its 1x28x1 images are too small"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contradictory")
    @DisplayName("leaves the store empty if")
    void refusesContradictions(List<StoredRow> rows, String reason) throws IOException {
        try (Store store = place(Kind.SQLITE, "store").open()) {
            assertThatThrownBy(() -> restore(Backups.of(rows), store))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining(reason);
            assertThat(rowsOf(store)).isEmpty();
        }
    }

    @Test
    @DisplayName("may have names that are not labels in rows that a newer snapshot replaces")
    void ignoresReplacedRows() throws IOException {
        requireRestored(List.of(
                RegistryRows.snapshot(1, 0, "a\nb"),
                RegistryRows.snapshot(3, 0, "cat"),
                RegistryRows.registering(2, "c\nd"),
                RegistryRows.registering(4, "dog")));
    }

    @Test
    @DisplayName("may have a class with the label of a forgotten one")
    void keepsLabels() throws IOException {
        List<StoredRow> rows = new ArrayList<>(List.of(RegistryRows.registering("B\u00e4r 2.1_x-y", "dog")));
        rows.addAll(StoredRegistry.forgetting(rows, List.of(0), Backups.HEADER.taken()));
        rows.add(RegistryRows.registering(3, "B\u00e4r 2.1_x-y"));

        requireRestored(rows);
    }

    private void requireRestored(List<StoredRow> rows) throws IOException {
        try (Store store = place(Kind.SQLITE, "store").open()) {
            restore(Backups.of(rows), store);

            assertThat(rowsOf(store)).isEqualTo(rows);
        }
    }

    private static void restore(byte[] backup, Store store) throws IOException {
        StoreRestore.restore(Backups.reader(backup), store, _ -> {}, (_, _) -> {});
    }
}
