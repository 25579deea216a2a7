package dev.reverie.npz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NpzWriterTest {

    @Test
    @DisplayName("writes the same bytes in all time zones, with and without compression")
    void ignoresTheTimeZone() throws IOException {
        assertThat(writtenIn("Asia/Tokyo")).isEqualTo(writtenIn("America/Los_Angeles"));
    }

    @Test
    @DisplayName("writes an array in parts as it writes the whole, with and without compression")
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
