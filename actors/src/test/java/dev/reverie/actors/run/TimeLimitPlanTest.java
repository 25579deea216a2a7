package dev.reverie.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.method.QuickTimeLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The plan of a run with a time limit")
class TimeLimitPlanTest {

    private static final int LIMIT = 300;

    private final List<String> warnings = new ArrayList<>();

    @Test
    @DisplayName("halves the random real batches of the quick preset while a hundred loops do not fit, down to sixteen")
    void halves() {
        assertThat(batches(quick(Method.DM), 8, 8, 6, 4, 2)).containsExactly(64, 32, 16, 16, 16);
        assertThat(warnings).hasSize(1).first().asString().contains("after about 72 inner loops of 4.0 s");
    }

    @Test
    @DisplayName("judges no run by its first loop, and changes nothing if a hundred loops fit")
    void ignoresTheFirst() {
        assertThat(batches(quick(Method.DM), 50, 2, 2)).containsExactly(64, 64, 64);
        assertThat(warnings).isEmpty();
    }

    @Test
    @DisplayName("has whole batches again after a hundred loops")
    void ends() {
        TimeLimitPlan plan = new TimeLimitPlan(quick(Method.DM));
        plan.afterLoop(new LoopPosition(0, 1), 4, LIMIT);
        plan.afterLoop(new LoopPosition(0, 2), 4, LIMIT);
        int slow = plan.mostReal();
        plan.afterLoop(new LoopPosition(2, 0), 4, LIMIT);

        assertThat(slow).isEqualTo(32);
        assertThat(plan.mostReal()).isEqualTo(64);
    }

    @Test
    @DisplayName("leaves chosen representatives and given numbers of loops alone, and warns once, saying what helps")
    void warns() {
        assertThat(batches(quick(Method.DREAM_PLUS), 20, 20, 20)).containsOnly(Integer.MAX_VALUE);
        assertThat(warnings).hasSize(1).first().asString().contains("allow 34 minutes", "--resize", "--ipc", "--width");
        DistillationSettings given = quick(Method.DM);
        given = given.withSchedule(given.schedule().withOuterIterations(20));
        assertThat(batches(given, 20, 20, 20)).containsOnly(Integer.MAX_VALUE);
        assertThat(warnings).hasSize(2);
    }

    @Test
    @DisplayName("does not warn if the schedule ends before the limit, however few its loops are")
    void shortSchedule() {
        DistillationSettings dm = quick(Method.DM);

        batches(
                dm.withSchedule(
                        dm.schedule().with().outerIterations(1).innerLoops(10).build()),
                20,
                20,
                20);

        assertThat(warnings).isEmpty();
    }

    /** The largest real batches after each of some loops, whose steps take these seconds. */
    private List<Integer> batches(DistillationSettings settings, double... seconds) {
        TimeLimitPlan plan = new TimeLimitPlan(settings);
        List<Integer> batches = new ArrayList<>();
        double elapsed = 0;
        for (double each : seconds) {
            elapsed += each;
            Optional<String> warning = plan.afterLoop(new LoopPosition(0, batches.size() + 1), each, LIMIT - elapsed);
            warning.ifPresent(warnings::add);
            batches.add(plan.mostReal());
        }
        return batches;
    }

    private static DistillationSettings quick(Method method) {
        return QuickTimeLimit.apply(
                Presets.quick("photos", new ImageShape(3, 64, 64), method, 10, 2, 0),
                Duration.ofSeconds(LIMIT),
                false,
                1,
                3_000);
    }
}
