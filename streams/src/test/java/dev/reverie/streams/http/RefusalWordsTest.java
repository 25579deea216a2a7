package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Admission;
import dev.reverie.streams.decode.RefusedException;
import dev.reverie.streams.ingest.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("All doors")
class RefusalWordsTest {

    @ParameterizedTest
    @EnumSource
    @DisplayName("have a problem of the HTTP API for what cannot be read")
    void unreadable(RefusedException.Reason reason) {
        assertThat(Problem.of(
                        Refusal.of(new RefusedException(reason, "what to do")).reason()))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("have a problem of the HTTP API for what the service does not want")
    void unwanted(Admission.Reason reason) {
        assertThat(Problem.of(Refusal.of(new Admission.Refused(reason, "what to do"), 1)
                        .reason()))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("have a problem of the HTTP API for what has to wait")
    void deferred(Admission.Cause cause) {
        assertThat(Problem.of(Refusal.reasonOf(new Admission.Deferred(cause, "what to do", Duration.ZERO))))
                .isPresent();
    }
}
