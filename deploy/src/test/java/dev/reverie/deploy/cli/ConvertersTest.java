package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The command line")
class ConvertersTest {

    @ParameterizedTest
    @CsvSource({"90s, 90", "5m, 300", "1h30m, 5400", "1H, 3600"})
    @DisplayName("understands durations as people type them")
    void durations(String text, long seconds) {
        assertThat(Converters.duration(text)).hasSeconds(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0s", "5", "-5m", "5 m", "1d", "99999999999999999999h", "999999h"})
    @DisplayName("rejects texts that are not durations")
    void notDurations(String text) {
        assertThatThrownBy(() -> Converters.duration(text)).hasMessageContaining("'" + text + "' is not a duration");
    }
}
