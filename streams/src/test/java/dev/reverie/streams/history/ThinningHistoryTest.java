package dev.reverie.streams.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The history of the memory")
class ThinningHistoryTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    @DisplayName("reaches back to the first entry, with more entries for recent times")
    void thinOut() {
        ThinningHistory moments = new ThinningHistory(20, Long.MAX_VALUE);

        IntStream.range(0, 10_000).forEach(i -> moments.add(moment(i, List.of()), 0));

        List<Long> kept = moments.all().stream().map(HistoryEntry::number).toList();
        assertThat(kept).hasSize(20).startsWith(0L).endsWith(9_998L, 9_999L).isSorted();
        List<Long> gaps = IntStream.range(1, kept.size())
                .mapToObj(i -> kept.get(i) - kept.get(i - 1))
                .toList();
        assertThat(gaps.subList(0, 5)).allMatch(gap -> gap > 10 * gaps.getLast());
        assertThat(gaps).allMatch(gap -> gap < 5_000);
    }

    @Test
    @DisplayName("stays within its byte limit, but always keeps the latest entry")
    void bytes() {
        ThinningHistory moments = new ThinningHistory(100, 2_500);

        IntStream.range(0, 50).forEach(i -> moments.add(moment(i, List.of(picture("cat", "p" + i, 1_000))), 0));
        assertThat(moments.all()).extracting(HistoryEntry::number).hasSize(2).endsWith(49L);

        moments.add(moment(50, List.of(picture("cat", "large", 9_000))), 0);
        assertThat(moments.all()).extracting(HistoryEntry::number).containsExactly(50L);
    }

    @Test
    @DisplayName("stores an unchanged picture once")
    void shared() {
        ThinningHistory moments = new ThinningHistory(100, 2_500);
        ClassPicture same = picture("cat", "same", 1_000);

        IntStream.range(0, 50).forEach(i -> moments.add(moment(i, List.of(same)), 0));

        assertThat(moments.all()).hasSize(50);
    }

    @Test
    @DisplayName("contains no picture of a forgotten class, not even one that was being added")
    void forget() {
        ThinningHistory moments = new ThinningHistory(100, Long.MAX_VALUE);
        ClassPicture cat = picture("cat", "c", 10);
        ClassPicture dog = picture("dog", "d", 10);
        moments.add(moment(0, List.of(cat, dog)), 0);
        long before = moments.forgotten();

        moments.forget("cat");
        moments.add(moment(1, List.of(cat, dog)), before);
        moments.add(moment(2, List.of(dog)), moments.forgotten());

        assertThat(moments.all()).extracting(HistoryEntry::number).containsExactly(0L, 2L);
        assertThat(moments.all()).allMatch(moment -> moment.classes().equals(List.of(dog)));
        assertThat(moments.picture("c")).isEmpty();
        assertThat(moments.picture("d")).contains(dog);
    }

    private static HistoryEntry moment(int seconds, List<ClassPicture> classes) {
        return new HistoryEntry(seconds, START.plus(Duration.ofSeconds(seconds)), 0, classes);
    }

    private static ClassPicture picture(String label, String name, int bytes) {
        return new ClassPicture(label, name, new byte[bytes]);
    }
}
