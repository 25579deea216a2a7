package dev.reverie.streams.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.HeldOutAccuracy;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus;
import java.util.List;
import java.util.Locale;

/** What the API says, as JSON. */
final class ApiJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final double MILLIS = 1e3;

    private ApiJson() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of nodes can be written", e);
        }
    }

    static ObjectNode of(ClassStatus status) {
        ObjectNode json = object().put("label", status.label())
                .put("index", status.index())
                .put("phase", status.phase().name().toLowerCase(Locale.ROOT))
                .put("seen", status.seen())
                .put("reservoir", status.reservoir())
                .put("images", status.images())
                .put("inner_loops", status.innerLoops());
        if (status.matchingLoss().stream().anyMatch(Double::isFinite)) {
            json.put("matching_loss", status.matchingLoss().getAsDouble());
        } else {
            json.putNull("matching_loss");
        }
        return json.put("updated", status.updated().toString());
    }

    static ArrayNode of(List<ClassStatus> classes) {
        ArrayNode json = MAPPER.createArrayNode();
        classes.stream().map(ApiJson::of).forEach(json::add);
        return json;
    }

    static ObjectNode of(ServiceStatus status) {
        ObjectNode json = object().put("samples", status.samples())
                .put("classes", status.classes())
                .put("inner_loops", status.innerLoops())
                .put("outer_iterations", status.outerIterations())
                .put("uptime_seconds", status.uptime().toMillis() / MILLIS)
                .put("worker", status.worker());
        return json.set("held_out", status.accuracy().<JsonNode>map(ApiJson::of).orElseGet(json::nullNode));
    }

    private static ObjectNode of(HeldOutAccuracy accuracy) {
        return object().put("accuracy", accuracy.accuracy())
                .put("images", accuracy.images())
                .put("classes", accuracy.classes())
                .put("left_out", accuracy.leftOut())
                .put("taken", accuracy.taken().toString())
                .put("tested", accuracy.tested().toString());
    }

    static ObjectNode of(Readiness readiness) {
        ObjectNode json = object().put("ready", readiness.ready());
        ArrayNode checks = json.putArray("checks");
        for (Readiness.Check check : readiness.checks()) {
            checks.addObject()
                    .put("name", check.name())
                    .put("passed", check.passed())
                    .put("detail", check.detail());
        }
        return json;
    }

    static JsonNode of(ServiceEvent event) {
        ObjectNode json = object().put("at", event.at().toString());
        return json.setAll(MAPPER.<ObjectNode>valueToTree(event.fields()));
    }
}
