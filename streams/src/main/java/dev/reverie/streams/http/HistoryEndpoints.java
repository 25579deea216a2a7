package dev.reverie.streams.http;

import dev.reverie.streams.history.HistoryEntry;
import dev.reverie.streams.history.MemoryHistory;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Serves earlier states of the memory. */
final class HistoryEndpoints {

    /** The name of a picture is a digest of its content, so the picture never changes. */
    private static final RawHeader IMMUTABLE =
            RawHeader.create("Cache-Control", "private, max-age=31536000, immutable");

    /** Size of the JSON of an entry without its classes, and of each class, whose label has up to 128 characters. */
    private static final int MAX_ENTRY_BYTES = 1024;

    private final MemoryHistory history;
    private final AnswerBudget budget;

    HistoryEndpoints(MemoryHistory history, AnswerBudget budget) {
        this.budget = budget;
        this.history = history;
    }

    HttpResponse list() {
        List<Summary> entries = history.entries().stream().map(Summary::of).toList();
        return budget.json(entries, (long) MAX_ENTRY_BYTES * (1 + entries.size()));
    }

    HttpResponse get(long number) {
        HistoryEntry entry = history.entry(number)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "the history of the memory has no entry " + number + ": take a number from /v1/history"));
        return budget.json(entry, (long) MAX_ENTRY_BYTES * (1 + entry.classes().size()));
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
