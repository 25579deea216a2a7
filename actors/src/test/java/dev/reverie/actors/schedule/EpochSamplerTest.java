package dev.reverie.actors.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.schedule.EpochSampler.Cursor;
import dev.reverie.actors.schedule.TrainingSampler.ImageIndex;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The order of the training images")
class EpochSamplerTest {

    private static final long SEED = 7;
    private static final List<Integer> SIZES = List.of(3, 0, 4);
    private static final ImageIndex[] ALL = {
        new ImageIndex(0, 0),
        new ImageIndex(0, 1),
        new ImageIndex(0, 2),
        new ImageIndex(2, 0),
        new ImageIndex(2, 1),
        new ImageIndex(2, 2),
        new ImageIndex(2, 3)
    };

    @Test
    @DisplayName("has every image once per epoch, in a new order")
    void everyImageOnceAnEpoch() {
        EpochSampler order = new EpochSampler(SEED, SIZES, Cursor.START);

        List<ImageIndex> first = order.take(7);
        List<ImageIndex> second = order.take(7);

        assertThat(first).containsExactlyInAnyOrder(ALL);
        assertThat(second).containsExactlyInAnyOrder(ALL).isNotEqualTo(first);
    }

    @Test
    @DisplayName("continues from any cursor as without an interruption")
    void goesOnFromACursor() {
        List<ImageIndex> whole = new EpochSampler(SEED, SIZES, Cursor.START).take(30);

        for (int cut = 0; cut <= 30; cut++) {
            EpochSampler before = new EpochSampler(SEED, SIZES, Cursor.START);
            List<ImageIndex> parts = new ArrayList<>(before.take(cut));
            parts.addAll(new EpochSampler(SEED, SIZES, before.cursor()).take(30 - cut));

            assertThat(parts).isEqualTo(whole);
        }
    }
}
