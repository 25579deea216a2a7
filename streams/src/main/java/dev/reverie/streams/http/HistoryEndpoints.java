package dev.reverie.streams.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reverie.streams.history.ClassImagesThen;
import dev.reverie.streams.history.HistoryEntry;
import dev.reverie.streams.history.MemoryHistory;
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
        ArrayNode moments = ApiJson.array();
        history.moments().stream().map(HistoryEndpoints::summary).forEach(moments::add);
        return Responses.json(moments);
    }

    HttpResponse one(long number) {
        HistoryEntry moment = history.moment(number)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "this moment is not remembered, or not any more: see /v1/history"));
        ObjectNode json = summary(moment);
        ArrayNode classes = json.putArray("classes");
        for (ClassImagesThen picture : moment.classes()) {
            classes.addObject().put("label", picture.label()).put("picture", picture.name());
        }
        return Responses.json(json);
    }

    HttpResponse picture(String name) {
        String digits = name.endsWith(".png") ? name.substring(0, name.length() - ".png".length()) : name;
        return history.picture(digits)
                .map(picture -> Responses.bytes(Responses.PNG, picture.png()).addHeader(FOREVER))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "no moment that is remembered has this picture: see /v1/history"));
    }

    private static ObjectNode summary(HistoryEntry moment) {
        return ApiJson.object()
                .put("number", moment.number())
                .put("at", moment.at().toString())
                .put("inner_loops", moment.innerLoops());
    }
}
