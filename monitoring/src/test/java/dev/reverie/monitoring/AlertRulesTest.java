package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Every alert")
class AlertRulesTest {

    private static final Path RUNBOOKS = Path.of("..", "docs", "runbooks");
    private static final String INDEX = "README";

    @Test
    @DisplayName("has a severity, a location, a duration and a runbook")
    void complete() throws Exception {
        assertThat(AlertRules.all()).hasSizeGreaterThan(8).allSatisfy(alert -> assertThat(alert.text())
                .containsPattern("for: \\d+[mh]\\n")
                .containsPattern("severity: (warning|critical)\\n")
                .containsPattern("summary: .*\\$labels\\.instance")
                .containsPattern("runbook_url: .*\\$labels\\.instance.*/" + alert.name() + "'\\n")
                .contains("description: "));
    }

    @Test
    @DisplayName("has a runbook page, every page has an alert, and the index lists them all")
    void runbooks() throws Exception {
        List<String> alerts = AlertRules.names();

        assertThat(AlertRules.pages(RUNBOOKS, ".md"))
                .filteredOn(page -> !page.equals(INDEX))
                .containsExactlyInAnyOrderElementsOf(alerts);
        assertThat(Files.readString(RUNBOOKS.resolve(INDEX + ".md")))
                .contains(alerts.stream().map("[%1$s](%1$s.md)"::formatted).toList());
    }

    @Test
    @DisplayName("has a test that fires it and one that does not")
    void tested() throws Exception {
        List<String> alerts = AlertRules.names();

        assertThat(AlertRules.pages(AlertRules.TESTS, ".yml")).containsExactlyInAnyOrderElementsOf(alerts);
        for (String alert : alerts) {
            assertThat(AlertRules.TESTS.resolve(alert + ".yml"))
                    .content()
                    .contains("alertname: " + alert + "\n", "exp_alerts: []\n", "exp_alerts:\n");
        }
    }
}
