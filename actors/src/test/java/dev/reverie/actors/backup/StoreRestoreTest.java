package dev.reverie.actors.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoredRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A backup that is restored")
class StoreRestoreTest extends AbstractStoreBackupTest {

    @ParameterizedTest
    @EnumSource
    @DisplayName("gives all rows and the factor to a database of either kind")
    void isRestoredAnywhere(Kind kind) throws IOException {
        // given
        byte[] backup;
        try (Store store = place(kind, "original").open()) {
            fill(store);
            backup = backupOf(store);
        }

        for (Kind target : Kind.values()) {
            try (Store restored = place(target, "restored").open()) {
                // when
                List<Long> bytesRead = new ArrayList<>();
                BackupSummary summary = StoreRestore.restore(Backups.reader(backup), restored, bytesRead::add);

                // then
                assertThat(bytesRead).hasSameSizeAs(Backups.rows()).isSorted();
                assertThat(bytesRead.getLast()).isLessThan(summary.bytes());
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

    private static void restore(byte[] backup, Store store) throws IOException {
        StoreRestore.restore(Backups.reader(backup), store, _ -> {});
    }
}
