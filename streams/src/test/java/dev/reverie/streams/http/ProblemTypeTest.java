package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.streams.decode.SampleRefusedException;
import dev.reverie.streams.ingest.Refusal;
import dev.reverie.streams.json.ApiJson;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The problem types of the HTTP API")
class ProblemTypeTest {

    @ParameterizedTest
    @EnumSource
    @DisplayName("have one for every reason why samples cannot be decoded")
    void undecodable(SampleRefusedException.Reason reason) {
        assertThat(ProblemType.of(Refusal.of(new SampleRefusedException(reason, "what to do"))
                        .reason()))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("have one for every reason why the service refuses a delivery")
    void refused(DeliveryOutcome.Reason reason) {
        assertThat(ProblemType.of(Refusal.of(new DeliveryOutcome.Refused(reason, "what to do"), 1)
                        .reason()))
                .isPresent();
    }

    @Test
    @DisplayName("have one for every cause of a deferral, and no others count as deferred")
    void deferred() {
        assertThat(Stream.of(ProblemType.values())
                        .filter(ProblemType::countsAsDeferred)
                        .map(ProblemType::label))
                .containsExactlyInAnyOrderElementsOf(Stream.of(DeliveryOutcome.Cause.values())
                        .map(DeliveryOutcome.Cause::label)
                        .toList());
    }

    @Test
    @DisplayName("have the fields of RFC 9457 as JSON, with a detail only if there is one")
    void fields() {
        String type = "{\"type\":\"/problems/quota\",\"title\":\"%s\",\"status\":409"
                .formatted(ProblemType.QUOTA.description().title());

        assertThat(ApiJson.text(ProblemType.QUOTA.problem("too many"))).isEqualTo(type + ",\"detail\":\"too many\"}");
        assertThat(ApiJson.text(ProblemType.QUOTA.description())).isEqualTo(type + "}");
    }
}
