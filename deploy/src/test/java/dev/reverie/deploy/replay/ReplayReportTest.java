package dev.reverie.deploy.replay;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.deploy.replay.ReplayReport.Ending;
import dev.reverie.gpu.dataset.DatasetException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The report of a replay")
class ReplayReportTest {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FAILED")
    @DisplayName("has no failure unless the replay failed")
    void failureOfOther(Ending ending) {
        Optional<Exception> damaged = Optional.of(new DatasetException("a.png is damaged"));

        assertThatThrownBy(() -> report(ending, damaged))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a replay that ends as " + ending + " must have a failure exactly if FAILED");
        assertThatCode(() -> report(ending, Optional.empty()).requireNoFailure())
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName("has a failure if the replay failed")
    void noFailure() {
        assertThatThrownBy(() -> report(Ending.FAILED, Optional.empty())).isInstanceOf(IllegalArgumentException.class);
    }

    private static ReplayReport report(Ending ending, Optional<Exception> failure) {
        return new ReplayReport(ending, 1, ReplayReport.Totals.NONE, 0, List.of(), failure);
    }
}
