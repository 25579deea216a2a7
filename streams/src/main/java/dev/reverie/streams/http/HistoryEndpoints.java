package dev.reverie.streams.http;

import dev.reverie.streams.history.HistoryEntry;
import dev.reverie.streams.history.MemoryHistory;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Serves earlier states of the memory. */
final class HistoryEndpoints {

    /** The name of a picture is a digest of its content, so the picture never changes. */
    private static final RawHeader IMMUTABLE =
            RawHeader.create("Cache-Control", "private, max-age=31536000, immutable");

    private final MemoryHistory history;
    private final SharedAnswers answers;

    HistoryEndpoints(MemoryHistory history, SharedAnswers answers) {
        this.answers = answers;
        this.history = history;
    }

    HttpResponse list() {
        return Responses.json(history.entries().stream().map(Summary::of).toList());
    }

    CompletionStage<HttpResponse> get(long number) {
        return answers.json(history.entry(number)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "the history of the memory has no entry " + number + ": take a number from /v1/history")));
    }

    HttpResponse picture(String name) {
        String digits = name.endsWith(".png") ? name.substring(0, name.length() - ".png".length()) : name;
        return history.picture(digits)
                .map(picture -> Responses.bytes(Responses.PNG, picture.png()).addHeader(IMMUTABLE))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "the history of the memory has no such picture: take its name from an entry in /v1/history"));
    }

    /** A history entry without its classes. */
    private record Summary(long number, Instant at, long innerLoops) {

        static Summary of(HistoryEntry entry) {
            return new Summary(entry.number(), entry.at(), entry.innerLoops());
        }
    }
}
