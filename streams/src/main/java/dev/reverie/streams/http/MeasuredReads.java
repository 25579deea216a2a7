package dev.reverie.streams.http;

import dev.reverie.streams.service.ReadListener;
import dev.reverie.streams.service.ReadListener.Call;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Measures the reads of the memory, at the point that every response passes, so that refused reads count, too. */
final class MeasuredReads {

    /** The time at which the memory in a response last changed; used for the metrics and never sent. */
    static final AttributeKey<Instant> CHANGED = AttributeKey.create("changed", Instant.class);

    private final ReadListener listener;

    MeasuredReads(ReadListener listener) {
        this.listener = listener;
    }

    /** Starts to measure a request if it reads the memory, and returns what receives its response. */
    Consumer<HttpResponse> begin(HttpRequest request) {
        return callOf(request)
                .map(listener::begin)
                .<Consumer<HttpResponse>>map(read -> response -> read.end(
                        response.status().intValue(),
                        response.entity().getContentLengthOption().orElse(0),
                        response.getAttribute(CHANGED)))
                .orElse(_ -> {});
    }

    private static Optional<Call> callOf(HttpRequest request) {
        if (!request.method().equals(HttpMethods.GET)) {
            return Optional.empty();
        }
        return switch (request.getUri().path()) {
            case "/v1/memory" -> Optional.of(Call.MEMORY);
            case "/v1/memory/sample" -> Optional.of(Call.SAMPLE);
            default -> Optional.empty();
        };
    }
}
