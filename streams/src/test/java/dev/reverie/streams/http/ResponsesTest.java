package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A streamed response")
class ResponsesTest {

    @AutoClose("shutdownTestKit")
    private final ActorTestKit kit = ActorTestKit.create();

    private final AtomicInteger releases = new AtomicInteger();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    @Test
    @DisplayName("releases its place once, when the last element is sent")
    void releasesAtTheEnd() throws Exception {
        Source<Integer, NotUsed> response = response(Duration.ofHours(1));

        int sum = response.runWith(Sink.fold(0, Integer::sum), kit.system())
                .toCompletableFuture()
                .get();
        released.get();

        assertThat(sum).isEqualTo(6);
        assertThat(releases).hasValue(1);
    }

    @Test
    @DisplayName("fails if it starts after its place was given to another client, and names both causes")
    void failsIfLate() throws Exception {
        Source<Integer, NotUsed> response = response(Duration.ofMillis(1));
        released.get();

        CompletableFuture<Integer> late =
                response.runWith(Sink.fold(0, Integer::sum), kit.system()).toCompletableFuture();

        assertThat(late)
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableOfType(ExecutionException.class)
                .extracting(Throwable::getCause, InstanceOfAssertFactories.THROWABLE)
                .isInstanceOf(ResponseTimeoutException.class)
                .hasMessage("the response did not start within 0.001 s, because the service or the client was slow");
        assertThat(releases).hasValue(1);
    }

    @Test
    @DisplayName("fails if its client does not read it in time, which the failure says")
    void failsIfNotRead() {
        HttpResponse response =
                Responses.bytes(Responses.PNG, new byte[1 << 20], Duration.ofMillis(1), () -> released.complete(null));

        CompletableFuture<Done> sent = response.entity()
                .getDataBytes()
                .mapAsync(1, _ -> new CompletableFuture<ByteString>())
                .runWith(Sink.ignore(), kit.system())
                .toCompletableFuture();

        assertThat(sent)
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableOfType(ExecutionException.class)
                .extracting(Throwable::getCause, InstanceOfAssertFactories.THROWABLE)
                .isInstanceOf(ResponseTimeoutException.class)
                .hasMessage("the client did not read the response within 0.001 s");
        assertThat(released).succeedsWithin(Duration.ofMinutes(1));
    }

    private Source<Integer, NotUsed> response(Duration startTimeout) {
        return Responses.releasing(Source.range(1, 3), startTimeout, () -> {
            releases.incrementAndGet();
            released.complete(null);
        });
    }
}
