package dev.reverie.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NpzWriterTest {

    @Test
    @DisplayName("Equal arrays give equal bytes in all time zones")
    void ignoresTheTimeZone() {
        assertThat(writtenIn("Asia/Tokyo")).isEqualTo(writtenIn("America/Los_Angeles"));
    }

    private static byte[] writtenIn(String zone) {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            NpzWriter npz = new NpzWriter();
            npz.writeTexts("class_names", List.of("cat", "dog"));
            return npz.finish();
        } finally {
            TimeZone.setDefault(before);
        }
    }
}
