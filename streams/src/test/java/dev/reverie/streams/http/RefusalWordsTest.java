package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Admission;
import dev.reverie.streams.decode.RefusedException;
import dev.reverie.streams.settlement.Refusal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The doors that can wait")
class RefusalWordsTest {

    @ParameterizedTest
    @EnumSource
    @DisplayName("have the same word as the HTTP API for what cannot be read")
    void unreadable(RefusedException.Reason reason) {
        assertThat(Problem.of(
                        Refusal.of(new RefusedException(reason, "what to do")).reason()))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("have the same word as the HTTP API for what the service does not want")
    void unwanted(Admission.Reason reason) {
        assertThat(Problem.of(
                        Refusal.of(new Admission.Refused(reason, "what to do")).reason()))
                .isPresent();
    }
}
