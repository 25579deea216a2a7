package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store that is loaded")
class StoreLoaderTest {

    private static final String LARGE = "w".repeat(60_000);

    @Test
    @DisplayName("takes rows before they fill the memory, even if they have large texts and no payloads")
    void largeTexts(@TempDir Path folder) {
        try (Store store = Store.inFolder(folder);
                StoreLoader loader = store.load()) {
            assertThatThrownBy(() -> {
                        for (int number = 1; number <= 20; number++) {
                            loader.add(sameKey(number));
                        }
                    })
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("cannot be written to");
        }
    }

    /** An event with the same key as the others, so that it fails when it is sent. */
    private static StoredRow sameKey(int number) {
        return new StoredRow.Event(
                "class|0", 1, false, LARGE + number, 5, "", 1, "manifest", ByteString.emptyByteString());
    }
}
