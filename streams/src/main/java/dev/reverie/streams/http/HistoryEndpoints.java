package dev.reverie.streams.http;

import dev.reverie.streams.history.MemoryHistory;
import dev.reverie.streams.history.Moment;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Serves earlier states of the memory. */
final class HistoryEndpoints {

    /** The name of a picture is a digest of its content, so the picture never changes. */
    private static final RawHeader IMMUTABLE =
            RawHeader.create("Cache-Control", "private, max-age=31536000, immutable");

    /** Size of the JSON of a moment without its classes, and of each class, whose label has up to 128 characters. */
    private static final int MAX_MOMENT_BYTES = 1024;

    private final MemoryHistory history;
    private final AnswerBudget budget;

    HistoryEndpoints(MemoryHistory history, AnswerBudget budget) {
        this.budget = budget;
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
