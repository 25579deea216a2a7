package dev.reverie.gpu.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    private static final int IMAGES = 50_000;

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Method.class,
            names = {"DREAM_PLUS", "DREAM", "IDC", "DC", "DSA", "DM", "DANCE", "MTT", "TGDD", "RIDGE", "BPTT", "CAFE"})
    @DisplayName("has at least a million inner loops, and the rates of the preset")
    void learnsUntilTheLimit(Method method) {
        DistillationSettings preset = quick(method);

        DistillationSettings limited = QuickTimeLimit.apply(preset, Duration.ofMinutes(5), false, 1, IMAGES);

        assertThat(limited.schedule().outerIterations() * limited.schedule().innerLoops())
                .isGreaterThanOrEqualTo(1_000_000);
        assertThat(limited.matching()).isEqualTo(preset.matching());
    }

    @Test
    @DisplayName("changes nothing for a method that does not learn")
    void keepsCoresets() {
        DistillationSettings herding = quick(Method.HERDING);

        assertThat(QuickTimeLimit.apply(herding, Duration.ofMinutes(5), false, 1, IMAGES))
                .isEqualTo(herding);
    }

    @ParameterizedTest(name = "{0}: {1} epochs of {2} images")
    @CsvSource({"PT30S, 1, 20000", "PT5M, 6, 20000", "PT10M, 10, 40000", "PT30M, 12, 50000", "PT2H, 12, 50000"})
    @DisplayName(
            "trains the experts that guide the longer, the more time it has, up to three times the length of the preset")
    void fitsExperts(Duration limit, int epochs, int images) {
        DistillationSettings limited = QuickTimeLimit.apply(quick(Method.TGDD), limit, false, 1, IMAGES);

        GuidanceSettings guidance = limited.guidance().orElseThrow();
        assertThat(guidance.epochs()).isEqualTo(epochs);
        assertThat(guidance.epochSamples()).isEqualTo(images);
        assertThat(limited.schedule().warmUpSamples()).isEqualTo(epochs * guidance.epochSamples());
    }

    @ParameterizedTest(name = "{0}: {1} epochs")
    @CsvSource({"PT5M, 6", "PT10M, 20", "PT2H, 30"})
    @DisplayName("has epochs that are no longer than a small dataset, and more of them")
    void repeatsSmallDatasets(Duration limit, int epochs) {
        int few = 1_000;

        GuidanceSettings guidance = QuickTimeLimit.apply(quick(Method.TGDD), limit, false, 1, few)
                .guidance()
                .orElseThrow();

        assertThat(guidance.epochSamples()).isEqualTo(few);
        assertThat(guidance.epochs()).isEqualTo(epochs);
    }

    @Test
    @DisplayName("ends a longer training of an expert at the same learning rate")
    void keepsTheFinalRate() {
        GuidanceSettings preset = quick(Method.TGDD).guidance().orElseThrow();

        GuidanceSettings longer = QuickTimeLimit.apply(quick(Method.TGDD), Duration.ofHours(1), false, 1, IMAGES)
                .guidance()
                .orElseThrow();

        assertThat(Math.pow(longer.decay(), longer.epochs()))
                .isCloseTo(Math.pow(preset.decay(), preset.epochs()), within(1e-9));
        assertThat(longer.ahead() / (double) longer.epochs())
                .isCloseTo(preset.ahead() / (double) preset.epochs(), within(1.0 / longer.epochs()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"PT44M, 1", "PT45M, 100000"})
    @DisplayName("trains no second expert in less than three quarters of an hour")
    void trainsOneExpert(Duration limit, int experts) {
        assertThat(QuickTimeLimit.apply(quick(Method.TGDD), limit, false, 1, IMAGES)
                        .schedule()
                        .outerIterations())
                .isEqualTo(experts);
    }

    @Test
    @DisplayName("has the next expert after 700 inner loops in an hour")
    void changesExperts() {
        assertThat(QuickTimeLimit.apply(quick(Method.TGDD), Duration.ofHours(1), false, 1, IMAGES)
                        .schedule()
                        .innerLoops())
                .isEqualTo(700);
    }

    @Test
    @DisplayName("leaves room for several experts in a short run whose loops are given")
    void keepsExperts() {
        ScheduleSettings schedule = QuickTimeLimit.apply(quick(Method.TGDD), Duration.ofMinutes(5), true, 1, IMAGES)
                .schedule();

        assertThat(schedule.outerIterations()).isEqualTo(100_000);
        assertThat(schedule.innerLoops()).isEqualTo(1_200);
    }

    @ParameterizedTest(name = "{0}: {1} epochs, {2} loops")
    @CsvSource({"PT1S, 1, 1", "PT10M, 6, 150", "PT3H, 12, 2700"})
    @DisplayName("has time for an expert of each of two architectures that take turns")
    void takesTurns(Duration limit, int epochs, int loops) {
        DistillationSettings limited = QuickTimeLimit.apply(quick(Method.TGDD), limit, false, 2, IMAGES);

        assertThat(limited.guidance().orElseThrow().epochs()).isEqualTo(epochs);
        assertThat(limited.schedule().innerLoops()).isEqualTo(loops);
        assertThat(limited.schedule().outerIterations()).isEqualTo(100_000);
    }

    private static DistillationSettings quick(Method method) {
        return Presets.quick("cifar10", SHAPE, method, 10, Presets.defaultFactor(method), 0);
    }
}
