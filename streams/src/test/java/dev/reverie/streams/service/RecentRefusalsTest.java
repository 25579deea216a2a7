package dev.reverie.streams.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.service.RecentRefusals.Group;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Recent refusals")
class RecentRefusalsTest {

    private Instant now = Instant.parse("2026-01-01T12:00:30Z");
    private final RecentRefusals refusals = new RecentRefusals(() -> now);

    @Test
    @DisplayName("are counted by source and reason, most samples first, with the last example of each")
    void groups() {
        refuse(IngestSource.HTTP, "quota", 1, "cat", "first");
        refuse(IngestSource.FILE, "quota", 5, "dog/1.png", "of a file");
        now = now.plusSeconds(90);
        refuse(IngestSource.HTTP, "quota", 2, "ape", "last");

        assertThat(refusals.lastHour())
                .extracting(Group::source, Group::reason, Group::samples, group -> group.last()
                        .detail())
                .containsExactly(
                        tuple(IngestSource.FILE, "quota", 5L, "of a file"),
                        tuple(IngestSource.HTTP, "quota", 3L, "last"));
        assertThat(refusals.lastHour().getLast().last().at()).isEqualTo(now);
    }

    @Test
    @DisplayName("are forgotten after an hour, minute by minute")
    void forgets() {
        refuse(IngestSource.HTTP, "quota", 1, "cat", "early");
        now = now.plus(Duration.ofMinutes(30));
        refuse(IngestSource.HTTP, "quota", 2, "cat", "late");

        now = now.plus(Duration.ofMinutes(29));
        assertThat(refusals.lastHour()).extracting(Group::samples).containsExactly(3L);
        now = now.plus(Duration.ofMinutes(1));
        assertThat(refusals.lastHour()).extracting(Group::samples).containsExactly(2L);
        now = now.plus(Duration.ofMinutes(30));
        assertThat(refusals.lastHour()).isEmpty();
    }

    @Test
    @DisplayName("are forgotten when the clock is set back before them")
    void clockSetBack() {
        refuse(IngestSource.HTTP, "quota", 1, "cat", "a day ahead");

        now = now.minus(Duration.ofDays(1));

        assertThat(refusals.lastHour()).isEmpty();
    }

    @Test
    @DisplayName("include what the last scan of the watched folder passed over, for as long as it does")
    void passedOver() {
        refusals.passedOver(2, List.of("Thumbs.db", "a\u001b"));
        now = now.plus(Duration.ofHours(2));

        assertThat(refusals.lastHour())
                .extracting(Group::reason, Group::samples, group -> group.last().origin())
                .containsExactly(tuple("passed-over", 2L, Optional.of("Thumbs.db, a\\u001b")));
        refusals.passedOver(0, List.of());
        assertThat(refusals.lastHour()).isEmpty();
    }

    @Test
    @DisplayName("hold little of a long text, and no characters that control a terminal or a page")
    void bounded() {
        refuse(IngestSource.HTTP, "label-invalid", 1, "\u001b[2J" + "x".repeat(5000), "\u202e" + "y".repeat(5000));

        RecentRefusals.Example last = refusals.lastHour().getFirst().last();
        assertThat(last.origin().orElseThrow()).startsWith("\\u001b[2J").hasSizeLessThan(120);
        assertThat(last.detail()).startsWith("\\u202e").hasSizeLessThan(320);
    }

    private void refuse(IngestSource source, String reason, int samples, String origin, String detail) {
        refusals.add(new IngestListener.Refused(source, reason, samples, Optional.of(origin), detail));
    }
}
