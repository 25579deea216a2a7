package dev.reverie.deploy.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Wording")
class WordingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0|0 classes", "1|1 class", "2|2 classes", "60000|60,000 classes"})
    @DisplayName("counts with the right plural")
    void plural(long count, String text) {
        assertThat(Plural.of(count, "class", "classes")).isEqualTo(text);
    }

    @Test
    @DisplayName("forms regular plurals with an s")
    void regularPlural() {
        assertThat(Plural.of(1, "image")).isEqualTo("1 image");
        assertThat(Plural.of(3, "image")).isEqualTo("3 images");
    }

    @Test
    @DisplayName("finds the name with the fewest edits")
    void nearest() {
        assertThat(NearestName.of("draem", List.of("dance", "dream-plus", "dream"))).contains("dream");
    }

    @Test
    @DisplayName("suggests no name that is quite different")
    void different() {
        assertThat(NearestName.of("slow", List.of("quick", "paper"))).isEmpty();
        assertThat(NearestName.of("slow", List.of())).isEmpty();
    }
}
