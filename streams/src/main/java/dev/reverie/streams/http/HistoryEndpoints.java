package dev.reverie.streams.http;

import dev.reverie.actors.registry.Labels;
import dev.reverie.streams.history.History;
import dev.reverie.streams.service.MemoryService;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Serves earlier states of the memory, and the learning curves. */
record HistoryEndpoints(MemoryService service, History history, Answers answers, ResponseDeadline deadline) {

    /** The name of a picture is a digest of its content, so the picture never changes. */
    private static final RawHeader IMMUTABLE =
            RawHeader.create("Cache-Control", "private, max-age=31536000, immutable");

    CompletionStage<HttpResponse> list() {
        return json(new History.Query.Moments());
    }

    CompletionStage<HttpResponse> get(long number) {
        History.Query query = new History.Query.OneMoment(number);
        return answers.json(
                history.estimate(query), () -> read(query, "moment " + number + ": take a number from /v1/history"));
    }

    /** Serves the learning curves of the service. */
    CompletionStage<HttpResponse> curves() {
        return json(new History.Query.Curves());
    }

    /** Serves the matching loss of one class over time. */
    CompletionStage<HttpResponse> curve(String label) {
        String name = Labels.normal(label);
        return deadline.await(service.classNamed(name)).thenCompose(status -> {
            if (status.isEmpty()) {
                throw ProblemException.unknownClass(label);
            }
            return json(new History.Query.ClassCurve(name));
        });
    }

    CompletionStage<HttpResponse> picture(String name) {
        String digits = name.endsWith(".png") ? name.substring(0, name.length() - ".png".length()) : name;
        History.Query query = new History.Query.Picture(digits);
        return answers.sharedFile(
                        "history.picture." + digits,
                        Responses.PNG,
                        history.estimate(query),
                        () -> read(query, "such picture: take its name from a moment in /v1/history"))
                .thenApply(response -> response.addHeader(IMMUTABLE));
    }

    private CompletionStage<HttpResponse> json(History.Query query) {
        return answers.json(history.estimate(query), () -> deadline.await(history.read(query))
                .thenApply(Optional::orElseThrow));
    }

    private CompletionStage<byte[]> read(History.Query query, String missing) {
        return deadline.await(history.read(query))
                .thenApply(content -> content.orElseThrow(() ->
                        new ProblemException(ProblemType.NOT_FOUND, "the history of the memory has no " + missing)));
    }
}
