package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.json.ApiJson;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The JSON of a problem")
class ProblemTest {

    @Test
    @DisplayName("has the fields of RFC 9457, with a detail only if there is one")
    void fields() {
        String type = "{\"type\":\"/problems/quota\",\"title\":\"%s\",\"status\":409"
                .formatted(ProblemType.QUOTA.description().title());

        assertThat(ApiJson.text(ProblemType.QUOTA.problem("too many"))).isEqualTo(type + ",\"detail\":\"too many\"}");
        assertThat(ApiJson.text(ProblemType.QUOTA.description())).isEqualTo(type + "}");
    }
}
