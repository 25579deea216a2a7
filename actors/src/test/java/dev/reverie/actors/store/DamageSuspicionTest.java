package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A failed compaction")
class DamageSuspicionTest {

    private final DamageSuspicion suspicion = new DamageSuspicion();

    private static MVStoreException failure(int code) {
        return DataUtils.newMVStoreException(code, "it failed");
    }

    @Test
    @DisplayName("shows damage at once if H2 says that the file is corrupt")
    void believesH2() {
        assertThat(suspicion.isConfirmedBy(failure(DataUtils.ERROR_FILE_CORRUPT)))
                .isTrue();
    }

    @Test
    @DisplayName("shows no damage, however often, if another thread has closed the file, or the disk is full or fails")
    void ignoresOtherCauses() {
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThat(suspicion.isConfirmedBy(failure(DataUtils.ERROR_CLOSED))).isFalse();
            assertThat(suspicion.isConfirmedBy(failure(DataUtils.ERROR_WRITING_FAILED)))
                    .isFalse();
            assertThat(suspicion.isConfirmedBy(new SQLException("the store is closed")))
                    .isFalse();
            for (String reason : new String[] {"No space left on device", "Input/output error"}) {
                assertThat(suspicion.isConfirmedBy(DataUtils.newMVStoreException(
                                DataUtils.ERROR_WRITING_FAILED, "it failed", new IOException(reason))))
                        .isFalse();
            }
        }
    }

    @Test
    @DisplayName("of an unknown kind shows damage only if the compaction fails again before it has succeeded")
    void waitsForASecondFailure() {
        assertThat(suspicion.isConfirmedBy(failure(DataUtils.ERROR_INTERNAL))).isFalse();
        suspicion.clear();
        assertThat(suspicion.isConfirmedBy(failure(DataUtils.ERROR_INTERNAL))).isFalse();
        assertThat(suspicion.isConfirmedBy(new IllegalStateException("it failed")))
                .isTrue();
    }
}
