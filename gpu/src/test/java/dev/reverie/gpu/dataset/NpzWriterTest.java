package dev.reverie.gpu.dataset;

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

    /** Returns the bytes of a compressed and an uncompressed archive of the same array. */
    private static byte[] writtenIn(String zone) throws IOException {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (NpzWriter npz : List.of(NpzWriter.deflated(bytes), NpzWriter.stored(bytes))) {
                npz.write("labels", NpyArray.ofIntegers(List.of(1, 2)));
                npz.finish();
            }
            return bytes.toByteArray();
        } finally {
            TimeZone.setDefault(before);
        }
    }
}
