package dev.reverie.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.zip.ZipException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An archive")
class NpzArchiveTest {
    private static final Set<String> LABELS = Set.of("labels");
    private static final byte[] TWO = {1, 2};
    private final Archives archive = new Archives().with("labels", "|u1", "2,", TWO);

    @Test
    @DisplayName("in a file has the arrays that are asked for, and no others")
    void inFile(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("a.npz"), archive.toBytes());

        try (NpzArchive npz = NpzArchive.open(file)) {
            assertThat(npz.get("labels", NpyArray::toBytes)).isEqualTo(TWO);
            assertThat(npz.find("ids", NpyArray::toTexts)).isEmpty();
            assertThatThrownBy(() -> npz.get("ids", NpyArray::toTexts)).hasMessage(file + " has no array 'ids'");
            assertThatThrownBy(() -> npz.find("labels", NpyArray::toTexts))
                    .isInstanceOf(NpzException.class)
                    .hasMessage("the array 'labels' of " + file + " has dtype |u1: save it as Unicode text");
        }
    }

    @Test
    @DisplayName("in a file that is truncated cannot be opened")
    void truncatedFile(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("a.npz"), Arrays.copyOf(archive.toBytes(), 80));

        assertThatThrownBy(() -> NpzArchive.open(file)).isInstanceOf(ZipException.class);
    }

    @Test
    @DisplayName("in memory has the wanted arrays, and the others are skipped, whatever their format")
    void wanted() throws IOException {
        byte[] content = archive.with("parameters", "|u1", "100000,", new byte[100_000])
                .withEntry("readme.txt", TWO)
                .toBytes();

        NpzArchive npz = NpzArchive.unpackOnly(content, "it", LABELS, 150_000);

        assertThat(npz.get("labels", NpyArray::toBytes)).isEqualTo(TWO);
        assertThat(npz.find("parameters", NpyArray::toBytes)).isEmpty();
        assertThatThrownBy(() -> NpzArchive.unpackOnly(content, "it", LABELS, 50_000))
                .isInstanceOf(NpzException.class)
                .hasMessage("it has more than 50000 bytes of other arrays");
    }

    @Test
    @DisplayName("in memory is refused if it has other arrays than the known ones, or they are too large")
    void known() throws IOException {
        byte[] content = archive.toBytes();

        assertThat(NpzArchive.unpack(content, "it", LABELS, 2).get("labels", NpyArray::toBytes))
                .isEqualTo(TWO);
        assertThatThrownBy(() -> NpzArchive.unpack(content, "it", Set.of("ids", "images"), 2))
                .hasMessage("it contains 'labels.npy': it may contain only the arrays [ids, images]");
        assertThatThrownBy(() -> NpzArchive.unpack(content, "it", LABELS, 1))
                .hasMessage("it is too large: its array 'labels' has 2 bytes, more than the 1 allowed: use fewer or"
                        + " smaller images")
                .matches(e -> ((NpzException) e).isTooLarge());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "80 | -1 | it is not an NPZ file, or is truncated: save the arrays with numpy.savez",
                "0 | -1 | it is not an NPZ file, or is truncated: save the arrays with numpy.savez",
                "-1 | 1 | it declares 1 arrays but has 0: save the arrays again with numpy.savez",
                "-1 | 40 | it is not an NPZ file, or is damaged (",
            })
    @DisplayName("in memory is refused if it is truncated or damaged")
    void damaged(int length, int changed, String message) {
        byte[] content = archive.toBytes();
        if (changed >= 0) {
            content[changed] = -1;
        }
        byte[] damaged = length < 0 ? content : Arrays.copyOf(content, length);

        assertThatThrownBy(() -> NpzArchive.unpackOnly(damaged, "it", LABELS, 1000))
                .isInstanceOf(NpzException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    @DisplayName("in memory is refused if an array in it is no NPY file")
    void otherFiles() {
        byte[] content = new Archives().withEntry("labels.npy", new byte[20]).toBytes();

        assertThatThrownBy(() -> NpzArchive.unpack(content, "it", LABELS, 1000))
                .hasMessage("it cannot be read: its array 'labels' is not a NumPy array: save it with numpy.savez");
    }

    @Test
    @DisplayName("has the same bytes in all time zones, with and without compression")
    void ignoresTheTimeZone() throws IOException {
        assertThat(writtenIn("Asia/Tokyo")).isEqualTo(writtenIn("America/Los_Angeles"));
    }

    @Test
    @DisplayName("has the same bytes if an array is written in parts, with and without compression")
    void parts() throws IOException {
        List<NpyArray> parts = List.of(NpyArray.ofBytes(new byte[] {1, 2}, 2), NpyArray.ofBytes(new byte[] {3, 4}, 2));

        assertThat(written(npz -> npz.write("images", NpyType.UINT8, List.of(2, 2), parts)))
                .isEqualTo(written(npz -> npz.write("images", NpyArray.ofBytes(new byte[] {1, 2, 3, 4}, 2, 2))));
    }

    private interface Content {
        void writeTo(NpzWriter npz) throws IOException;
    }

    /** Returns the bytes of a compressed and an uncompressed archive of the same content. */
    private static byte[] written(Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (NpzWriter npz : List.of(NpzWriter.deflated(bytes), NpzWriter.stored(bytes))) {
            content.writeTo(npz);
            npz.finish();
        }
        return bytes.toByteArray();
    }

    private static byte[] writtenIn(String zone) throws IOException {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            return written(npz -> npz.write("labels", NpyArray.ofIntegers(List.of(1, 2))));
        } finally {
            TimeZone.setDefault(before);
        }
    }
}
