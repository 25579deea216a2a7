package dev.reverie.gpu.coded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.StoredSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The file of a memory as pictures")
class MemoryZipTest {

    private static final ImageShape SHAPE = new ImageShape(3, 20, 12);

    /** Largest mean difference of the two decoders of WebP, in levels of 255. */
    private static final double DECODERS = 2;

    @ParameterizedTest
    @EnumSource
    @DisplayName("is read as it was written, without native code")
    void roundTrip(PictureFormat format) throws IOException {
        assumeThat(format.orAvailable()).isEqualTo(format);
        Coding coding = new Coding(format, 70, OptionalLong.empty());

        MemoryZip.Content read = MemoryZip.read(written(set(), coding), "m.zip");

        StoredSet stored = StoredSet.of(set());
        assertThat(read.set().labels()).isEqualTo(stored.labels());
        assertThat(read.set().classes()).isEqualTo(stored.classes());
        assertThat(read.set().factor()).isEqualTo(2);
        assertThat(read.set().normalisation()).isEqualTo(stored.normalisation());
        byte[] own = decoded(coding);
        byte[] pure = read.set().images().toLevels();
        double sum = 0;
        for (int i = 0; i < own.length; i++) {
            sum += Math.abs(Byte.toUnsignedInt(own[i]) - Byte.toUnsignedInt(pure[i]));
        }
        assertThat(sum / own.length).isLessThanOrEqualTo(format == PictureFormat.WEBP ? DECODERS : 0);
        assertThat(read.bytes()).isEqualTo(2L * coding.encode(images(3)).bytes().length);
    }

    /** The two classes have equal images. */
    private static byte[] decoded(Coding coding) {
        ImageBatch one = coding.encode(images(3)).decoded();
        return ImageBatch.join(List.of(one, one)).toLevels();
    }

    @Test
    @DisplayName("stores memory.json and a picture of each class")
    void entries() throws IOException {
        byte[] file = written(set(), Coding.LOSSLESS);

        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
                names.add(entry.getName());
            }
        }
        assertThat(names).containsExactly("memory.json", "2.png", "7.png");
        assertThat(new String(file, StandardCharsets.UTF_8))
                .contains("\"version\":1,\"shape\":[3,20,12],\"factor\":2,\"cell\":[12,20],\"quality\":100")
                .contains("{\"label\":\"a \\\"b\\\"\",\"index\":2,\"file\":\"2.png\",\"images\":3}");
    }

    @Test
    @DisplayName("has the same bytes for equal memories, in all time zones")
    void sameBytes() throws IOException {
        TimeZone before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            byte[] one = written(set(), Coding.LOSSLESS);
            TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));

            assertThat(written(set(), Coding.LOSSLESS)).isEqualTo(one);
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    @DisplayName("cannot hold images of two channels, or soft labels")
    void cannotHold() {
        ImageBatch pairs = ImageBatch.of(new ImageShape(2, 1, 1), new byte[2]);
        DistilledSet two = new DistilledSet(
                pairs,
                List.of(0),
                pairs,
                List.of(0),
                1,
                new Normalisation(List.of(0.5, 0.5), List.of(1.0, 1.0)),
                ClassList.of(List.of("a")));

        assertThat(MemoryZip.canHold(two)).isFalse();
        assertThat(MemoryZip.canHold(set())).isTrue();
    }

    @Test
    @DisplayName("is refused wherever it is cut off")
    void truncated() throws IOException {
        byte[] file = written(set(), Coding.LOSSLESS);
        int content = new String(file, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002"); // the directory follows

        for (int length = 0; length < content; length += 7) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> MemoryZip.read(cut, "m.zip")).isInstanceOf(DatasetException.class);
        }
    }

    @ParameterizedTest(name = "{2}")
    @DisplayName("is refused if its description does not fit its pictures")
    @CsvSource(delimiter = '|', textBlock = """
            "version":1        | "version":2           | has version 2
            "shape":[3,20,12]  | "shape":[3,20,13]     | do not fit together
            "shape":[3,20,12]  | "shape":[2,20,12]     | must have 1 or 3 channels
            "cell":[12,20]     | "cell":[12,2000]      | has no 3 cells
            "factor":2         | "factor":0            | do not fit together
            "images":3         | "images":4            | has no 4 cells
            "images":3         | "images":0            | has no images of the class 2
            "images":3         | "images":2000000000   | decodes to more than
            "index":7          | "index":2             | names it twice
            "file":"2.png"     | "file":"3.png"        | has no entry 3.png
            "file":"2.png"     | "file":"memory.json"  | is no picture in a known format
            "mean":[0.5        | "mean":[null          | damaged or no memory
            """)
    void refused(String text, String other, String message) throws IOException {
        byte[] file = replaced(text, other);

        assertThatThrownBy(() -> MemoryZip.read(file, "m.zip"))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith("m.zip")
                .hasMessageContaining(message);
    }

    private static byte[] replaced(String text, String other) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(written(set(), Coding.LOSSLESS)));
                ZipOutputStream to = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                byte[] content = from.readAllBytes();
                boolean described = entry.getName().equals("memory.json");
                to.write(
                        described
                                ? new String(content, StandardCharsets.UTF_8)
                                        .replace(text, other)
                                        .getBytes(StandardCharsets.UTF_8)
                                : content);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] written(DistilledSet set, Coding coding) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MemoryZip.write(set, coding, bytes);
        return bytes.toByteArray();
    }

    private static DistilledSet set() {
        List<Integer> labels = new ArrayList<>(Collections.nCopies(3, 2));
        labels.addAll(Collections.nCopies(3, 7));
        TreeMap<Integer, String> names = new TreeMap<>();
        names.put(2, "a \"b\"");
        names.put(7, "é/ü");
        return new StoredSet(
                        ImageBatch.join(List.of(images(3), images(3))),
                        labels,
                        2,
                        new Normalisation(List.of(0.5, 0.25, 0.125), List.of(1.0, 2.0, 0.5)),
                        ClassList.of(names))
                .decoded();
    }

    /** Smooth colours, with an edge between two areas. */
    private static ImageBatch images(int count) {
        byte[] levels = new byte[count * SHAPE.size()];
        for (int i = 0; i < levels.length; i++) {
            int x = i % SHAPE.width();
            int y = i % SHAPE.planeSize() / SHAPE.width();
            levels[i] = (byte) (30 + 4 * x + 3 * y + 20 * (i / SHAPE.planeSize() % 3) + (y > 9 ? 40 : 0));
        }
        return ImageBatch.of(SHAPE, levels);
    }
}
