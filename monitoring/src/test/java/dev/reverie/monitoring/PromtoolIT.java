package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Promtool")
class PromtoolIT {

    @Test
    @DisplayName("finds no error in the rules of the alerts and the configuration that loads them")
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

    @Test
    @DisplayName("finds no fault with the metrics of a run")
    void run() throws Exception {
        MetricsExposition exposition = new MetricsExposition();
        DistillationMetrics metrics = new DistillationMetrics(exposition.registry(), InstantSource.system());
        metrics.on(Events.started());
        Events.twoClassesJoin().forEach(metrics::on);
        Events.innerLoop(0, 0).forEach(metrics::on);

        assertThat(Promtool.run(Scrape.text(exposition), "check", "metrics")).isEqualTo(new Promtool.Result(0, ""));
    }

    private static void requireNoComplaint(String... arguments) throws Exception {
        Promtool.Result result = Promtool.run("", arguments);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }
}
