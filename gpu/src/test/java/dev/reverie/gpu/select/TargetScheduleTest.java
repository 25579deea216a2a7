package dev.reverie.gpu.select;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The schedule of targets")
class TargetScheduleTest {

    private static final long SEED = 3;
    private static final int STEPS = 4_000;

    private static List<Long> batches(TargetSchedule schedule, long from, int steps) {
        return LongStream.range(from, from + steps)
                .mapToObj(step -> schedule.batch(step, SEED))
                .toList();
    }

    @Test
    @DisplayName("has a batch for each step if no other step may use it")
    void oneUse() {
        assertThat(batches(TargetSchedule.of(1, 10), 0, 5)).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(TargetSchedule.renewed(1, 5)).isEqualTo(5);
    }

    @Test
    @DisplayName("begins with several batches and then has a new one in every eighth step")
    void newBatches() {
        List<Long> batches = batches(TargetSchedule.of(8, 10), 0, STEPS);

        Set<Long> known = new HashSet<>();
        List<Long> firstUses = LongStream.range(0, STEPS)
                .filter(step -> known.add(batches.get((int) step)))
                .boxed()
                .toList();
        assertThat(firstUses).startsWith(0L, 1L, 2L, 4L, 8L, 16L, 24L, 32L);
        assertThat(firstUses).hasSize(4 + (STEPS - 1) / 8);
        assertThat(batches.stream().distinct()).isSorted();
    }

    @Test
    @DisplayName("uses each batch about eight times, and only the latest sixteen")
    void drawsTheLatest() {
        List<Long> batches = batches(TargetSchedule.of(8, 10), 0, STEPS);

        long newest = 0;
        for (long batch : batches) {
            newest = Math.max(newest, batch);
            assertThat(batch).isBetween(newest - 15, newest);
        }
        double uses = LongStream.range(50, 400)
                .mapToInt(batch -> Collections.frequency(batches, batch))
                .average()
                .orElseThrow();
        assertThat(uses).isBetween(7.5, 8.5);
    }

    @Test
    @DisplayName("keeps fewer batches a class if there are many classes, but at least one")
    void manyClasses() {
        assertThat(TargetSchedule.of(8, 512).kept()).isEqualTo(16);
        assertThat(TargetSchedule.of(8, 4_096).kept()).isEqualTo(2);
        assertThat(TargetSchedule.of(8, 100_000).kept()).isOne();
    }

    @Test
    @DisplayName("uses no earlier batch after a renewal")
    void renews() {
        TargetSchedule schedule = TargetSchedule.of(8, 10);
        List<Long> before = batches(schedule, 0, 100);

        long next = TargetSchedule.renewed(8, 100);
        List<Long> after = batches(schedule, next, 100);

        assertThat(after).doesNotContainAnyElementsOf(before).first().isEqualTo(next);
        assertThat(TargetSchedule.renewed(8, next)).as("without a step since").isEqualTo(next);
    }
}
