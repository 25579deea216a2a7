package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The check of the rows of a snapshot")
class StoreSnapshotProgressTest {

    private static final int ROWS = 1000;

    @Test
    @DisplayName("in a folder tells how many rows it has verified")
    void tellsProgress(@TempDir Path folder) {
        List<Long> told = new ArrayList<>();
        try (Store store = Store.inFolder(folder)) {
            fill(store);

            try (StoreSnapshot snapshot = store.snapshotOfWholeRows((rows, total) -> {
                assertThat(total).isEqualTo(ROWS);
                told.add(rows);
            })) {
                assertThat(snapshot.damage().reasons()).isEmpty();
            }
        }

        assertThat(told)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, ROWS).boxed().toList());
    }

    @Test
    @DisplayName("fails if its listener does, which is no damage")
    void listenerFails(@TempDir Path folder) {
        try (Store store = Store.inFolder(folder)) {
            try (StoreLoader loader = store.load()) {
                loader.add(new StoredRow.Snapshot("class|0", 1, 0, 0, "", ByteString.emptyByteString()));
                loader.commit();
            }
            for (Throwable failure : List.of(new IllegalStateException("stopped"), new AssertionError("stopped"))) {
                try (StoreSnapshot snapshot = store.snapshotOfWholeRows((_, _) -> fail(failure))) {
                    assertThatThrownBy(snapshot::damage).isSameAs(failure);
                }
            }
        }
    }

    private static void fail(Throwable failure) {
        switch (failure) {
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalArgumentException(failure);
        }
    }

    private static void fill(Store store) {
        try (StoreLoader loader = store.load()) {
            for (int number = 1; number <= ROWS; number++) {
                loader.add(new StoredRow.Snapshot("class|0", number, 0, 0, "", ByteString.emptyByteString()));
            }
            loader.commit();
        }
    }
}
