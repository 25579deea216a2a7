package dev.reverie.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An axis")
class ChartAxisTest {

    @ParameterizedTest
    @CsvSource({
        "0, 100, 0, 100, 20",
        "0.031, 0.047, 0.03, 0.05, 0.005",
        "67.5, 82.3, 65, 85, 5",
        "-3, 12, -5, 15, 5",
        "0, 7, 0, 8, 2"
    })
    @DisplayName("starts and ends at round numbers around the values")
    void round(double least, double most, double low, double high, double step) {
        ChartAxis axis = ChartAxis.over(least, most, 5);

        assertThat(axis.low()).isCloseTo(low, within(1e-9));
        assertThat(axis.high()).isCloseTo(high, within(1e-9));
        assertThat(axis.ticks().get(1) - axis.low()).isCloseTo(step, within(1e-9));
    }

    @Test
    @DisplayName("labels its ticks with as many decimals as they need")
    void labels() {
        ChartAxis fine = ChartAxis.over(0.031, 0.047, 5);
        assertThat(fine.ticks()).extracting(fine::label).containsExactly("0.030", "0.035", "0.040", "0.045", "0.050");

        ChartAxis coarse = ChartAxis.over(0, 7, 5);
        assertThat(coarse.ticks()).extracting(coarse::label).containsExactly("0", "2", "4", "6", "8");
    }

    @Test
    @DisplayName("puts equal ratios at equal distances if it is logarithmic")
    void logarithmic() {
        ChartAxis axis = new ChartAxis(List.of(1.0, 2.0, 4.0, 16.0), true);

        assertThat(axis.ticks()).extracting(axis::position).containsExactly(0.0, 0.25, 0.5, 1.0);
        assertThat(axis.label(16)).isEqualTo("16");
    }

    @ParameterizedTest
    @CsvSource({"0", "5", "-0.25"})
    @DisplayName("has a range even if all values are equal")
    void constant(double value) {
        ChartAxis axis = ChartAxis.over(value, value, 5);

        assertThat(axis.high()).isGreaterThan(axis.low());
        assertThat(axis.position(value)).isBetween(0.0, 1.0);
    }
}
