package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.ClassMoves;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The classes that live on a node")
class LocalClassesTest {

    private static final int CAT = 1;
    private static final int DOG = 2;

    private final LocalClasses classes = new LocalClasses();
    private final List<Integer> departures = new ArrayList<>();

    @BeforeEach
    void listen() {
        classes.onDeparture(departures::add);
    }

    @Test
    @DisplayName("include a class once if it arrives twice")
    void arrivesTwice() {
        classes.arrive(CAT);
        classes.arrive(CAT);

        assertThat(classes.contains(CAT)).isTrue();
        assertThat(classes.moves()).isEqualTo(new ClassMoves(1, 1, 0, 0));
    }

    @Test
    @DisplayName("count a class that was handed over as that, although the store rejects a write of it later")
    void fencedAfterHandOver() {
        classes.arrive(CAT);
        classes.arrive(DOG);

        classes.handOver(CAT);
        classes.fence(CAT);
        classes.fence(DOG);

        assertThat(classes.moves()).isEqualTo(new ClassMoves(0, 2, 1, 1));
        assertThat(departures).containsExactly(CAT, DOG);
    }

    @Test
    @DisplayName("tell of each departure once, whatever its reasons")
    void oneNoticePerDeparture() {
        classes.arrive(CAT);
        classes.handOver(CAT);
        assertThat(classes.depart(CAT)).isFalse();

        classes.arrive(CAT);
        assertThat(classes.depart(CAT)).isTrue();
        assertThat(classes.depart(CAT)).isFalse();

        assertThat(departures).containsExactly(CAT, CAT);
        assertThat(classes.moves()).isEqualTo(new ClassMoves(0, 2, 1, 0));
    }
}
