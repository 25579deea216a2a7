package dev.reverie.streams.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The history of the memory")
class MomentsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    @DisplayName("reaches back to the first moment, with more moments for recent times")
    void thins() {
        Moments history = new Moments(20, Long.MAX_VALUE);

        IntStream.range(0, 10_000).forEach(i -> history.add(moment(i, List.of()), 0));

        List<Long> kept = history.all().stream().map(Moment::number).toList();
        assertThat(kept).hasSize(20).startsWith(0L).endsWith(9_998L, 9_999L).isSorted();
        List<Long> gaps = IntStream.range(1, kept.size())
                .mapToObj(i -> kept.get(i) - kept.get(i - 1))
                .toList();
        assertThat(gaps.subList(0, 5)).allMatch(gap -> gap > 10 * gaps.getLast());
        assertThat(gaps).allMatch(gap -> gap < 5_000);
    }

    @Test
    @DisplayName("stays within its byte limit, but always keeps the latest moment")
    void bytes() {
        Moments history = new Moments(100, 2_500);

        IntStream.range(0, 50).forEach(i -> history.add(moment(i, List.of(picture("cat", "p" + i, 1_000))), 0));
        assertThat(history.all()).extracting(Moment::number).hasSize(2).endsWith(49L);

        history.add(moment(50, List.of(picture("cat", "large", 9_000))), 0);
        assertThat(history.all()).extracting(Moment::number).containsExactly(50L);
    }

    @Test
    @DisplayName("stores an unchanged picture once")
    void shared() {
        Moments history = new Moments(100, 2_500);
        Moment.ClassPicture same = picture("cat", "same", 1_000);

        IntStream.range(0, 50).forEach(i -> history.add(moment(i, List.of(same)), 0));

        assertThat(history.all()).hasSize(50);
    }

    @Test
    @DisplayName("contains no picture of a forgotten class, not even one that was being added")
    void forget() {
        Moments history = new Moments(100, Long.MAX_VALUE);
        Moment.ClassPicture cat = picture("cat", "c", 10);
        Moment.ClassPicture dog = picture("dog", "d", 10);
        history.add(moment(0, List.of(cat, dog)), 0);
        long before = history.forgotten();

        history.forget("cat");
        history.add(moment(1, List.of(cat, dog)), before);
        history.add(moment(2, List.of(dog)), history.forgotten());

        assertThat(history.all()).extracting(Moment::number).containsExactly(0L, 2L);
        assertThat(history.all()).allMatch(moment -> moment.classes().equals(List.of(dog)));
        assertThat(history.picture("c")).isEmpty();
        assertThat(history.picture("d")).contains(dog);
    }

    @Test
    @DisplayName("finds the pictures of all its moments, and of no moment that it has dropped")
    void pictures() {
        Moments history = new Moments(100, 2_500);

        for (int i = 0; i < 50; i++) {
            history.add(moment(i, List.of(picture("cat", "p" + i, 1_000))), 0);
            assertThat(history.picture("p" + i)).isPresent();
        }

        assertThat(history.all()).allSatisfy(moment -> {
            Moment.ClassPicture kept = moment.classes().getFirst();
            assertThat(history.picture(kept.name())).contains(kept);
        });
        assertThat(history.picture("p25")).isEmpty();
    }

    private static Moment moment(int seconds, List<Moment.ClassPicture> classes) {
        return new Moment(seconds, START.plus(Duration.ofSeconds(seconds)), 0, classes);
    }

    private static Moment.ClassPicture picture(String label, String name, int bytes) {
        return new Moment.ClassPicture(label, name, new byte[bytes]);
    }
}
