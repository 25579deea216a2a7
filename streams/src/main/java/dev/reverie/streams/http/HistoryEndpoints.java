package dev.reverie.streams.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reverie.streams.history.ClassPicture;
import dev.reverie.streams.history.MemoryHistory;
import dev.reverie.streams.history.Moment;
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
        ArrayNode moments = Json.array();
        history.moments().stream().map(HistoryEndpoints::summary).forEach(moments::add);
        return Answers.json(moments);
    }

    HttpResponse one(long number) {
        Moment moment = history.moment(number)
                .orElseThrow(() -> new ProblemException(
                        Problem.NOT_FOUND, "this moment is not remembered, or not any more: see /v1/history"));
        ObjectNode json = summary(moment);
        ArrayNode classes = json.putArray("classes");
        for (ClassPicture picture : moment.classes()) {
            classes.addObject().put("label", picture.label()).put("picture", picture.name());
        }
        return Answers.json(json);
    }

    HttpResponse picture(String name) {
        String digits = name.endsWith(".png") ? name.substring(0, name.length() - ".png".length()) : name;
        return history.picture(digits)
                .map(picture -> Answers.bytes(Answers.PNG, picture.png()).addHeader(FOREVER))
                .orElseThrow(() -> new ProblemException(
                        Problem.NOT_FOUND, "no moment that is remembered has this picture: see /v1/history"));
    }

    private static ObjectNode summary(Moment moment) {
        return Json.object()
                .put("number", moment.number())
                .put("at", moment.at().toString())
                .put("inner_loops", moment.innerLoops());
    }
}
