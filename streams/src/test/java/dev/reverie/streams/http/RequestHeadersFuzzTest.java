package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Requests are allowed or refused")
class RequestHeadersFuzzTest {

    private static final List<String> NAMES = List.of(
            "Origin", "Sec-Fetch-Site", "If-None-Match", "Authorization", "Content-Encoding", "Expect", "Accept");
    private static final EntityTag TAG = EntityTag.create("a", false);
    private static final int MAX_HEADERS = 5;
    private static final int MAX_LENGTH = 60;
    private static final AccessControl ACCESS = new AccessControl(
            () -> BearerTokens.parse("read " + BearerTokens.digest("token")), new OriginCheck(true, Optional.empty()));

    @FuzzTest
    @DisplayName("for any headers, and never allowed if they name another site")
    void headers(FuzzedDataProvider input) {
        HttpRequest request = HttpRequest.GET("/v1/memory").addHeader(RawHeader.create("Host", "localhost:1"));
        boolean foreign = false;
        int count = input.consumeInt(0, MAX_HEADERS);
        for (int i = 0; i < count; i++) {
            String name = input.pickValue(NAMES);
            String value = input.consumeString(MAX_LENGTH);
            request = request.addHeader(RawHeader.create(name, value));
            foreign |= name.equals("Origin") && !value.matches("(?i)https?://localhost:1");
        }

        boolean refused = isRefused(request);
        ACCESS.rolesOf(request);
        boolean known = Responses.revalidated(
                        request, TAG, () -> CompletableFuture.completedStage(HttpResponse.create()))
                .toCompletableFuture()
                .join()
                .status()
                .equals(StatusCodes.NOT_MODIFIED);

        assertThat(refused || !foreign).as("allowed %s", request).isTrue();
        assertThat(known && request.getHeader("If-None-Match").isEmpty()).isFalse();
    }

    private static boolean isRefused(HttpRequest request) {
        try {
            ACCESS.requireTrusted(request);
            return false;
        } catch (ProblemException _) {
            return true;
        }
    }
}
