package dev.reverie.streams.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The result of a readiness check")
class ReadinessTest {

    @Test
    @DisplayName("has a detail of at most 1,000 characters and an ellipsis, without invisible characters")
    void detail() {
        assertThat(new Readiness.Check("kafka", false, "x".repeat(5000)).detail())
                .isEqualTo("x".repeat(1000) + "…");
        assertThat(new Readiness.Check("kafka", false, "a\nb").detail()).isEqualTo("a\\u000ab");
    }
}
