package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Query parameters are read or refused")
class QueryParametersFuzzTest {

    private static final List<String> FORMATS = List.of("npz", "png");

    @FuzzTest
    @DisplayName("for any text after the question mark")
    void query(FuzzedDataProvider input) {
        String query = input.consumeRemainingAsAsciiString();
        try {
            QueryParameters parameters = QueryParameters.of(HttpRequest.GET("http://localhost/v1/memory?" + query));
            parameters.requireKnown(List.of("format", "n", "seed", "classes", "label", "id"));
            assertThat(parameters.number("n", 1, 4096, 64)).isBetween(1, 4096);
            assertThat(FORMATS).contains(parameters.oneOf("format", FORMATS, "npz"));
            parameters.seed("seed");
            parameters.required("label");
        } catch (ProblemException problem) {
            assertThat(problem.toResponse().status().intValue()).isEqualTo(400);
        } catch (org.apache.pekko.http.scaladsl.model.IllegalUriException malformed) {
            // the server answers such a request before it reads the parameters
        }
    }
}
