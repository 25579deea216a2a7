package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The timeout for request heads")
class RequestHeadTimeoutTest {

    private static final ContentType TYPE = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final long MUCH_LONGER_MILLIS = 500;

    @AutoClose("shutdownTestKit")
    private final ActorTestKit kit = ActorTestKit.create();

    private final CompletableFuture<Done> end = new CompletableFuture<>();
    private HttpResponse response = HttpResponse.create();

    @Test
    @DisplayName("closes the connection if the next request does not arrive in time")
    void ends() throws Exception {
        var connection = connection();
        connection.first().offer(HttpRequest.GET("/"));

        assertThat(next(connection.second())).isPresent();

        assertThat(next(connection.second())).isEmpty();
        end.get();
    }

    @Test
    @DisplayName("pauses while a response is being sent, however long that takes")
    void pausesForAResponse() throws Exception {
        var connection = connection();
        response = HttpResponse.create().withEntity(HttpEntities.createChunked(TYPE, Source.maybe()));
        connection.first().offer(HttpRequest.GET("/v1/events"));

        var sending =
                next(connection.second()).orElseThrow().entity().getDataBytes().preMaterialize(kit.system());
        assertThatThrownBy(() -> end.get(MUCH_LONGER_MILLIS, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);

        sending.second().runWith(Sink.cancelled(), kit.system());
        end.get();
    }

    private Pair<BoundedSourceQueue<HttpRequest>, SinkQueueWithCancel<HttpResponse>> connection() {
        Flow<HttpRequest, HttpResponse, ?> responding =
                Flow.of(HttpRequest.class).mapAsync(1, _ -> CompletableFuture.completedStage(response));
        return Source.<HttpRequest>queue(1)
                .via(BidiFlow.fromGraph(new RequestHeadTimeout(LONG, SHORT)).join(responding))
                .watchTermination((queue, ended) -> {
                    ended.thenAccept(end::complete);
                    return queue;
                })
                .toMat(Sink.queue(), Keep.both())
                .run(kit.system());
    }

    private static Optional<HttpResponse> next(SinkQueueWithCancel<HttpResponse> responses) {
        CompletionStage<Optional<HttpResponse>> response = responses.pull();
        return response.toCompletableFuture().join();
    }
}
