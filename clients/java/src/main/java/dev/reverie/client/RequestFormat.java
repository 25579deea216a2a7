package dev.reverie.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Paths, queries and bodies of requests. */
final class RequestFormat {

    private RequestFormat() {}

    /**
     * Returns the path of a class. The service removes the space before dots, which proxies could take for a step
     * within the path.
     */
    static String path(String label) {
        return "/v1/classes/" + (label.matches("\\.\\.?") ? "%20" : "") + encoded(label);
    }

    /** Returns the path and the query of a batch. */
    static String path(BatchRequest batch) {
        StringBuilder path = new StringBuilder("/v1/memory/sample?n=").append(batch.images());
        batch.seed().ifPresent(seed -> path.append("&seed=").append(seed));
        if (!batch.classes().isEmpty()) {
            path.append("&classes=")
                    .append(encoded(
                            batch.classes().stream().map(RequestFormat::quoted).collect(Collectors.joining(","))));
        }
        return path.toString();
    }

    private static String quoted(String label) {
        return label.contains(",") || label.startsWith("\"") ? '"' + label.replace("\"", "\"\"") + '"' : label;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Returns a JSON object per line, with a picture in base64 and its label. */
    static byte[] jsonLines(List<byte[]> pictures, List<String> labels) {
        if (pictures.size() != labels.size()) {
            throw new IllegalArgumentException("got " + pictures.size() + " pictures and " + labels.size()
                    + " labels: give one label per picture");
        }
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < pictures.size(); i++) {
            ObjectNode line = JsonNodeFactory.instance.objectNode();
            lines.append(line.put("label", labels.get(i)).put("image", pictures.get(i)))
                    .append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a JSON object with the name of a class, or null for no name. */
    static byte[] json(Optional<String> name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", name.orElse(null))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
