package dev.reverie.gpu.coded;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageShape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The file of a memory as pictures: a zip of {@code memory.json} and a picture of each class, not compressed further.
 */
public final class MemoryZip {

    private static final int VERSION = 1;

    /** The time of all entries, so that equal memories have equal files: the first that a zip can have. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private MemoryZip() {}

    /**
     * Writes a memory to {@code out}, which stays open.
     *
     * @param set describes the memory
     * @param coded returns the picture of the class with an index
     */
    public static void write(DistilledSet set, IntFunction<CodedImages> coded, OutputStream out) throws IOException {
        Map<Integer, CodedImages> pictures = new TreeMap<>();
        set.parameterLabels().stream().distinct().forEach(index -> pictures.put(index, coded.apply(index)));
        ZipOutputStream zip = new ZipOutputStream(out);
        store(zip, "memory.json", description(set, pictures).getBytes(StandardCharsets.UTF_8));
        for (var each : pictures.entrySet()) {
            store(zip, file(each.getKey(), each.getValue()), each.getValue().bytes());
        }
        zip.finish();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static String file(int index, CodedImages picture) {
        return index + "." + picture.format().extension();
    }

    private static String description(DistilledSet set, Map<Integer, CodedImages> pictures) {
        CodedImages first = pictures.values().iterator().next();
        ImageShape shape = set.parameters().shape();
        int quality =
                pictures.values().stream().mapToInt(CodedImages::quality).max().orElseThrow();
        String classes = pictures.entrySet().stream()
                .map(each -> "{\"label\":\"" + escaped(set.classes().nameOf(each.getKey())) + "\",\"index\":"
                        + each.getKey() + ",\"file\":\"" + file(each.getKey(), each.getValue()) + "\",\"images\":"
                        + each.getValue().count() + "}")
                .collect(Collectors.joining(","));
        return "{\"version\":" + VERSION + ",\"shape\":"
                + List.of(shape.channels(), shape.height(), shape.width()) + ",\"factor\":" + set.factor()
                + ",\"cell\":" + List.of(first.cellWidth(), first.cellHeight()) + ",\"quality\":" + quality
                + ",\"mean\":" + set.normalisation().mean() + ",\"std\":"
                + set.normalisation().std() + ",\"classes\":[" + classes + "]}\n";
    }

    /** A name as the content of a JSON string (RFC 8259, section 7). */
    private static String escaped(String name) {
        return name.chars()
                .mapToObj(each -> each < ' ' || each == '"' || each == '\\'
                        ? "\\u%04x".formatted(each)
                        : Character.toString((char) each))
                .collect(Collectors.joining());
    }
}
