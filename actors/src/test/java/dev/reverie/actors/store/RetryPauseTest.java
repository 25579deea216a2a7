package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pause before a full store is tried again")
class RetryPauseTest {

    private final SpaceMonitor.RetryPause pause = new SpaceMonitor.RetryPause(30);

    /** Lets some seconds pass, and returns those in which the store is tried, numbered from 1. */
    private List<Integer> trials(int seconds) {
        return IntStream.rangeClosed(1, seconds)
                .filter(_ -> pause.isOver())
                .boxed()
                .toList();
    }

    @Test
    @DisplayName("begins with a second and doubles up to its limit while the store stays full")
    void grows() {
        assertThat(trials(121)).containsExactly(1, 3, 7, 15, 31, 61, 91, 121);
    }

    @Test
    @DisplayName("goes on to grow if the store is full again at once, and shrinks while the store is not full")
    void shrinks() {
        trials(3);
        assertThat(trials(4)).as("full again at once").containsExactly(4);

        for (int second = 0; second < 30; second++) {
            pause.shorten();
        }
        assertThat(trials(3)).as("full again later").containsExactly(1, 3);
    }

    @Test
    @DisplayName("of a store in a folder is always a second")
    void staysShort() {
        SpaceMonitor.RetryPause second = new SpaceMonitor.RetryPause(1);
        assertThat(IntStream.range(0, 10).allMatch(_ -> second.isOver())).isTrue();
    }
}
