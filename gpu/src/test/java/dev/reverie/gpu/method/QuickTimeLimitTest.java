package dev.reverie.gpu.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageShape;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The quick preset with a time limit")
class QuickTimeLimitTest {

    private static final ImageShape SHAPE = new ImageShape(3, 32, 32);

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Method.class,
            names = {"DREAM_PLUS", "DREAM", "IDC", "DC", "DSA", "DM", "DANCE", "MTT", "TGDD"})
    @DisplayName("has at least a million inner loops, and the rates of the preset")
    void learnsUntilTheLimit(Method method) {
        DistillationSettings preset = quick(method);

        DistillationSettings limited = QuickTimeLimit.apply(preset, Duration.ofMinutes(5), false, 1);

        assertThat(limited.schedule().outerIterations() * limited.schedule().innerLoops())
                .isGreaterThanOrEqualTo(1_000_000);
        assertThat(limited.matching()).isEqualTo(preset.matching());
    }

    @Test
    @DisplayName("changes nothing for a method that does not learn")
    void keepsCoresets() {
        DistillationSettings herding = quick(Method.HERDING);

        assertThat(QuickTimeLimit.apply(herding, Duration.ofMinutes(5), false, 1))
                .isEqualTo(herding);
    }

    @ParameterizedTest(name = "{0}: {1} epochs of {2} images")
    @CsvSource({"PT30S, 1, 20000", "PT5M, 6, 20000", "PT10M, 10, 40000", "PT30M, 10, 140000", "PT2H, 10, 300000"})
    @DisplayName("trains the experts that guide the longer, the more time it has, up to the published length")
    void fitsExperts(Duration limit, int epochs, int images) {
        DistillationSettings limited = QuickTimeLimit.apply(quick(Method.TGDD), limit, false, 1);

        GuidanceSettings guidance = limited.guidance().orElseThrow();
        assertThat(guidance.epochs()).isEqualTo(epochs);
        assertThat(guidance.epochSamples()).isEqualTo(images);
        assertThat(limited.schedule().warmUpSamples()).isEqualTo(epochs * guidance.epochSamples());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"PT14M, 1", "PT15M, 100000"})
    @DisplayName("trains no second expert in less than a quarter of an hour")
    void trainsOneExpert(Duration limit, int experts) {
        assertThat(QuickTimeLimit.apply(quick(Method.TGDD), limit, false, 1)
                        .schedule()
                        .outerIterations())
                .isEqualTo(experts);
    }

    @Test
    @DisplayName("learns from a longer trained expert for longer")
    void keepsLongExperts() {
        assertThat(QuickTimeLimit.apply(quick(Method.TGDD), Duration.ofHours(1), false, 1)
                        .schedule()
                        .innerLoops())
                .isEqualTo(14 * 1_200);
    }

    @Test
    @DisplayName("leaves room for several experts in a short run whose loops are given")
    void keepsExperts() {
        ScheduleSettings schedule = QuickTimeLimit.apply(quick(Method.TGDD), Duration.ofMinutes(5), true, 1)
                .schedule();

        assertThat(schedule.outerIterations()).isEqualTo(100_000);
        assertThat(schedule.innerLoops()).isEqualTo(1_200);
    }

    @ParameterizedTest(name = "{0}: {1} epochs, {2} loops")
    @CsvSource({"PT1S, 1, 1", "PT10M, 6, 150", "PT3H, 10, 2700"})
    @DisplayName("has time for an expert of each of two architectures that take turns")
    void takesTurns(Duration limit, int epochs, int loops) {
        DistillationSettings limited = QuickTimeLimit.apply(quick(Method.TGDD), limit, false, 2);

        assertThat(limited.guidance().orElseThrow().epochs()).isEqualTo(epochs);
        assertThat(limited.schedule().innerLoops()).isEqualTo(loops);
        assertThat(limited.schedule().outerIterations()).isEqualTo(100_000);
    }

    private static DistillationSettings quick(Method method) {
        return Presets.quick("cifar10", SHAPE, method, 10, Presets.defaultFactor(method), 0);
    }
}
