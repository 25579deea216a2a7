package dev.reverie.streams.http;

import dev.reverie.streams.decode.NameRules;
import dev.reverie.streams.history.History;
import dev.reverie.streams.history.HistoryQuery;
import dev.reverie.streams.service.MemoryService;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Serves earlier states of the memory, and the learning curves. */
final class HistoryEndpoints {

    /** The name of a picture is a digest of its content, so the picture never changes. */
    private static final RawHeader IMMUTABLE =
            RawHeader.create("Cache-Control", "private, max-age=31536000, immutable");

    private final MemoryService service;
    private final History history;
    private final AnswerBudget budget;
    private final ResponseDeadline deadline;

    HistoryEndpoints(MemoryService service, History history, AnswerBudget budget, ResponseDeadline deadline) {
        this.service = service;
        this.budget = budget;
        this.deadline = deadline;
        this.history = history;
    }

    CompletionStage<HttpResponse> list() {
        return json(new HistoryQuery.Moments(), "no moments");
    }

    CompletionStage<HttpResponse> get(long number) {
        return json(new HistoryQuery.OneMoment(number), "no moment " + number + ": take a number from /v1/history");
    }

    /** Serves the learning curves of the service. */
    CompletionStage<HttpResponse> curves() {
        return json(new HistoryQuery.Curves(), "no curves");
    }

    /** Serves the matching loss of one class over time. */
    CompletionStage<HttpResponse> curve(String label) {
        String name = NameRules.normal(label);
        return deadline.await(service.classNamed(name)).thenCompose(status -> {
            if (status.isEmpty()) {
                throw ProblemException.unknownClass(label);
            }
            return json(new HistoryQuery.ClassCurve(name), "no curve of this class");
        });
    }

    CompletionStage<HttpResponse> picture(String name) {
        String digits = name.endsWith(".png") ? name.substring(0, name.length() - ".png".length()) : name;
        return read(new HistoryQuery.Picture(digits), "no such picture: take its name from a moment in /v1/history")
                .thenApply(png -> Responses.bytes(Responses.PNG, png).addHeader(IMMUTABLE));
    }

    private CompletionStage<HttpResponse> json(HistoryQuery query, String missing) {
        return budget.json(history.estimate(query), () -> read(query, missing));
    }

    private CompletionStage<byte[]> read(HistoryQuery query, String missing) {
        return deadline.await(history.read(query))
                .thenApply(content -> content.orElseThrow(
                        () -> new ProblemException(ProblemType.NOT_FOUND, "the history of the memory has " + missing)));
    }
}
