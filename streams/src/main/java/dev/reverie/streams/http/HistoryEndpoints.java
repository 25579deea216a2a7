package dev.reverie.streams.http;

import dev.reverie.streams.decode.NameRules;
import dev.reverie.streams.history.CurvePoint;
import dev.reverie.streams.history.LearningCurves;
import dev.reverie.streams.history.MemoryHistory;
import dev.reverie.streams.history.Moment;
import dev.reverie.streams.service.MemoryService;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Serves earlier states of the memory, and the learning curves. */
final class HistoryEndpoints {

    /** The name of a picture is a digest of its content, so the picture never changes. */
    private static final RawHeader IMMUTABLE =
            RawHeader.create("Cache-Control", "private, max-age=31536000, immutable");

    /** Size of the JSON of a moment without its classes, and of each class, whose label has up to 128 characters. */
    private static final int MAX_MOMENT_BYTES = 1024;

    /** Size of the JSON of a point of a curve. */
    private static final int MAX_POINT_BYTES = 256;

    private final MemoryService service;
    private final MemoryHistory history;
    private final AnswerBudget budget;
    private final ResponseDeadline deadline;

    HistoryEndpoints(MemoryService service, MemoryHistory history, AnswerBudget budget, ResponseDeadline deadline) {
        this.service = service;
        this.budget = budget;
        this.deadline = deadline;
        this.history = history;
    }

    HttpResponse list() {
        List<Summary> moments = history.moments().stream().map(Summary::of).toList();
        return budget.json(moments, (long) MAX_MOMENT_BYTES * (1 + moments.size()));
    }

    HttpResponse get(long number) {
        Moment moment = history.moment(number)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "the history of the memory has no moment " + number + ": take a number from /v1/history"));
        return budget.json(
                moment, (long) MAX_MOMENT_BYTES * (1 + moment.classes().size()));
    }

    /** Serves the learning curves of the service. */
    HttpResponse curves() {
        List<CurvePoint> points = history.curves().points();
        return budget.json(points, (long) MAX_POINT_BYTES * (1 + points.size()));
    }

    /** Serves the matching loss of one class over time. */
    CompletionStage<HttpResponse> curve(String label) {
        String name = NameRules.normal(label);
        return deadline.await(service.classNamed(name)).thenApply(status -> {
            if (status.isEmpty()) {
                throw ProblemException.unknownClass(label);
            }
            List<LearningCurves.ClassLoss> losses = history.curves().lossesOf(name);
            return budget.json(losses, (long) MAX_POINT_BYTES * (1 + losses.size()));
        });
    }

    HttpResponse picture(String name) {
        String digits = name.endsWith(".png") ? name.substring(0, name.length() - ".png".length()) : name;
        return history.picture(digits)
                .map(picture -> Responses.bytes(Responses.PNG, picture.png()).addHeader(IMMUTABLE))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "the history of the memory has no such picture: take its name from a moment in /v1/history"));
    }

    /** A moment without its classes. */
    private record Summary(long number, Instant at, long innerLoops) {

        static Summary of(Moment moment) {
            return new Summary(moment.number(), moment.at(), moment.innerLoops());
        }
    }
}
