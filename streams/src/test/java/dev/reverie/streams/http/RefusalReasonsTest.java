package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.streams.decode.SampleRefusedException;
import dev.reverie.streams.ingest.DeferralReason;
import dev.reverie.streams.ingest.Refusal;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Every ingest source")
class RefusalReasonsTest {

    @ParameterizedTest
    @EnumSource
    @DisplayName("reports undecodable samples with a problem type of the HTTP API")
    void undecodable(SampleRefusedException.Reason reason) {
        assertThat(ProblemType.of(Refusal.of(new SampleRefusedException(reason, "what to do"))
                        .reason()))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("reports refused deliveries with a problem type of the HTTP API")
    void refused(DeliveryOutcome.Reason reason) {
        assertThat(ProblemType.of(Refusal.of(new DeliveryOutcome.Refused(reason, "what to do"), 1)
                        .reason()))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("reports deferred deliveries with a reason that it counts")
    void deferred(DeliveryOutcome.Cause cause) {
        assertThat(DeferralReason.words()).contains(DeferralReason.of(cause).word());
    }

    @Test
    @DisplayName("counts as deferred what the HTTP API answers with a temporary problem")
    void temporary() {
        assertThat(Stream.of(ProblemType.values())
                        .filter(ProblemType::countsAsDeferred)
                        .map(ProblemType::slug))
                .containsExactlyInAnyOrderElementsOf(DeferralReason.words());
    }
}
