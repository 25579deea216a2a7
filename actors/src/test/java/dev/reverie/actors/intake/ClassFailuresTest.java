package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The failures of a class")
class ClassFailuresTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ClassFailures failures = new ClassFailures();

    private boolean fails(StoreFailure kind, int second) {
        return failures.add(new ClassReport.Failed(0, kind, "detail"), START.plusSeconds(second));
    }

    @Test
    @DisplayName("are told to the user ever less often while the class goes on to fail")
    void toldLessOften() {
        assertThat(IntStream.rangeClosed(1, 20).filter(failure -> fails(StoreFailure.UNAVAILABLE, 600 * failure)))
                .containsExactly(1, 3, 7, 15);
    }

    @Test
    @DisplayName("are told at once if they are of another kind than the last one")
    void otherKind() {
        assertThat(fails(StoreFailure.UNAVAILABLE, 0)).isTrue();
        assertThat(fails(StoreFailure.UNAVAILABLE, 1)).isFalse();
        assertThat(fails(StoreFailure.DAMAGED, 2)).isTrue();
        assertThat(fails(StoreFailure.UNAVAILABLE, 3)).isTrue();
    }

    @Test
    @DisplayName("are told at once after the class has worked for 30 s")
    void afterRecovery() {
        assertThat(fails(StoreFailure.UNAVAILABLE, 0)).isTrue();
        failures.onRecovered();
        assertThat(fails(StoreFailure.UNAVAILABLE, 29)).isFalse();
        failures.onRecovered();
        assertThat(fails(StoreFailure.UNAVAILABLE, 59)).isTrue();
    }
}
