package dev.reverie.deploy.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The progress of a replay")
class ReplayProgressTest {

    @Test
    @DisplayName("shows the reason of a service without characters that control the terminal")
    void waiting() {
        RecordedView view = new RecordedView();

        new ReplayProgress(view, 1).waiting("busy\u001b[2J\nfor ever");

        assertThat(view.shown()).containsExactly("waiting: busy\\u001b[2J\\u000afor ever");
    }
}
