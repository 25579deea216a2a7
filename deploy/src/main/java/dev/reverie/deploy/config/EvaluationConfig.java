package dev.reverie.deploy.config;

import dev.reverie.actors.evaluation.ConvNetTrainer;
import dev.reverie.actors.evaluation.EvaluationPolicy;
import java.time.Duration;
import java.util.Optional;

/** Reads the settings of held-out evaluation. */
final class EvaluationConfig {

    private static final int MILLION = 1_000_000;
    private static final int MAX_WIDTH = 1024;

    private static final AllowedRange<Duration> INTERVAL =
            AllowedRange.durations(Duration.ofSeconds(1), Duration.ofDays(7), "1 s to 7 d");

    private EvaluationConfig() {}

    /** Reads the policy; empty if evaluation is disabled. */
    static Optional<EvaluationPolicy> read(ConfigSection evaluation) {
        boolean enabled = evaluation.flag("enabled");
        EvaluationPolicy policy = new EvaluationPolicy(
                evaluation.duration("interval", INTERVAL),
                evaluation.decimal("test-share", AllowedRange.decimals(0.001, 0.5, "0.001 to 0.5")),
                evaluation.integer("min-images", 1, MILLION),
                evaluation.integer("max-images", 1, MILLION),
                evaluation.bytes("max-bytes", AllowedRange.KIBIBYTE, AllowedRange.TEBIBYTE),
                evaluation.decimal("share", AllowedRange.decimals(0.001, 1, "0.001 to 1")),
                new ConvNetTrainer(
                        evaluation.integer("width", 1, MAX_WIDTH), evaluation.integer("steps", 1, MILLION), 0));
        return Optional.of(policy).filter(_ -> enabled);
    }
}
