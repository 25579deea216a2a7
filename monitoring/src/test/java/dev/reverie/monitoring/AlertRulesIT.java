package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Promtool, for the alerts,")
class AlertRulesIT {

    @Test
    @DisplayName("finds no error in the rules and the configuration that loads them")
    void valid() throws Exception {
        requireNoComplaint("check", "rules", "--lint-fatal", AlertRules.FILE.toString());
        requireNoComplaint(
                "check",
                "config",
                "--lint-fatal",
                AlertRules.PROMETHEUS.resolve("prometheus.yml").toString());
    }

    @Test
    @DisplayName("confirms that every alert fires when it should, and only then")
    void behaviour() throws Exception {
        for (String alert : AlertRules.names()) {
            requireNoComplaint(
                    "test", "rules", AlertRules.TESTS.resolve(alert + ".yml").toString());
        }
    }

    private static void requireNoComplaint(String... arguments) throws Exception {
        Promtool.Result result = Promtool.run("", arguments);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }
}
