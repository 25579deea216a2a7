package dev.reverie.actors.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.schedule.EpochSampler.Cursor;
import dev.reverie.actors.schedule.TrainingSampler.Place;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The order of the training images")
class EpochSamplerTest {

    private static final long SEED = 7;
    private static final List<Integer> SIZES = List.of(3, 0, 4);
    private static final Place[] ALL = {
        new Place(0, 0),
        new Place(0, 1),
        new Place(0, 2),
        new Place(2, 0),
        new Place(2, 1),
        new Place(2, 2),
        new Place(2, 3)
    };

    @Test
    @DisplayName("has every image once in each epoch, shuffled anew")
    void everyImageOnceAnEpoch() {
        // given
        EpochSampler order = new EpochSampler(SEED, SIZES, Cursor.START);

        // when
        List<Place> first = order.take(7);
        List<Place> second = order.take(7);

        // then
        assertThat(first).containsExactlyInAnyOrder(ALL);
        assertThat(second).containsExactlyInAnyOrder(ALL).isNotEqualTo(first);
    }

    @Test
    @DisplayName("goes on from any cursor as if it had never stopped")
    void goesOnFromACursor() {
        // given
        List<Place> whole = new EpochSampler(SEED, SIZES, Cursor.START).take(30);

        for (int cut = 0; cut <= 30; cut++) {
            // when
            EpochSampler before = new EpochSampler(SEED, SIZES, Cursor.START);
            List<Place> parts = new ArrayList<>(before.take(cut));
            parts.addAll(new EpochSampler(SEED, SIZES, before.cursor()).take(30 - cut));

            // then
            assertThat(parts).isEqualTo(whole);
        }
    }

    @Test
    @DisplayName("begins a new epoch when a class joins")
    void beginsAnewWithANewClass() {
        // given
        EpochSampler before = new EpochSampler(SEED, SIZES, Cursor.START);
        before.take(3);

        // when
        EpochSampler after =
                new EpochSampler(SEED, List.of(3, 0, 4, 2), before.cursor().afterChange());

        // then
        assertThat(after.cursor()).isEqualTo(new Cursor(1, 0));
        assertThat(after.take(9)).contains(new Place(3, 0), new Place(3, 1));
    }
}
