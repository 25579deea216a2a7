package dev.reverie.streams.http;

import dev.reverie.streams.history.HistoryEntry;
import dev.reverie.streams.history.MemoryHistory;
import java.time.Instant;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Shows the memory as it was. */
final class HistoryEndpoints {

    /** A picture is named by its content, so it never changes. */
    private static final RawHeader FOREVER = RawHeader.create("Cache-Control", "private, max-age=31536000, immutable");

    private final MemoryHistory history;

    HistoryEndpoints(MemoryHistory history) {
        this.history = history;
    }

    HttpResponse all() {
        return Responses.json(history.moments().stream().map(Summary::of).toList());
    }

    HttpResponse one(long number) {
        return Responses.json(history.moment(number)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "this moment is not remembered, or not any more: see /v1/history")));
    }

    HttpResponse picture(String name) {
        String digits = name.endsWith(".png") ? name.substring(0, name.length() - ".png".length()) : name;
        return history.picture(digits)
                .map(picture -> Responses.bytes(Responses.PNG, picture.png()).addHeader(FOREVER))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "no moment that is remembered has this picture: see /v1/history"));
    }

    /** An entry without its classes. */
    private record Summary(long number, Instant at, long innerLoops) {

        static Summary of(HistoryEntry entry) {
            return new Summary(entry.number(), entry.at(), entry.innerLoops());
        }
    }
}
