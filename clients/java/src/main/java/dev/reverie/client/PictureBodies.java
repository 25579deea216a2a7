package dev.reverie.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bodies of requests with picture files. */
final class PictureBodies {

    private PictureBodies() {}

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
}
