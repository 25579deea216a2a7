package dev.reverie.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bodies of requests with picture files. */
final class PictureBodies {

    /** The first byte of a PNG. */
    private static final int PNG = 0x89;

    /** The first byte of a JPEG. */
    private static final int JPEG = 0xff;

    private PictureBodies() {}

    static String mediaType(byte[] picture) {
        return switch (picture.length == 0 ? 0 : Byte.toUnsignedInt(picture[0])) {
            case PNG -> "image/png";
            case JPEG -> "image/jpeg";
            default ->
                throw new IllegalArgumentException(
                        "the picture is neither a PNG nor a JPEG: send the content of such a file, or use Samples for pixels");
        };
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
}
