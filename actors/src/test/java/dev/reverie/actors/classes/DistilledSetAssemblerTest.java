package dev.reverie.actors.classes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.StoredSet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The images of all classes")
class DistilledSetAssemblerTest {

    private static final Normalisation NORMALISATION = Normalisation.neutral(Samples.SHAPE);

    @Test
    @DisplayName("are put together as they are stored: averages, clamped to [0, 1] and not decoded")
    void stored() {
        ClassList classes = new ClassList(List.of(3, 7, 9), List.of("cat", "dog", "emu"));

        StoredSet set = DistilledSetAssembler.assemble(
                List.of(snapshot(3, filled(2, 0.25f)), snapshot(7, filled(1, 1.5f)), snapshot(9, filled(1, -0.5f))),
                classes,
                2,
                NORMALISATION);

        float[] expected = new float[4 * Samples.SHAPE.size()];
        Arrays.fill(expected, 0, 2 * Samples.SHAPE.size(), 0.25f);
        Arrays.fill(expected, 2 * Samples.SHAPE.size(), 3 * Samples.SHAPE.size(), 1);
        assertThat(set.images().toArray()).isEqualTo(expected);
        assertThat(set.labels()).containsExactly(3, 3, 7, 9);
        assertThat(set.factor()).isEqualTo(2);
        assertThat(set.normalisation()).isEqualTo(NORMALISATION);
        assertThat(set.classes()).isEqualTo(classes);
    }

    private static float[] filled(int count, float value) {
        float[] values = new float[count * Samples.SHAPE.size()];
        Arrays.fill(values, value);
        return values;
    }

    private static ClassSnapshot snapshot(int classIndex, float[] averages) {
        ImageBatch zeros = ImageBatch.of(Samples.SHAPE, new float[averages.length]);
        return new ClassSnapshot(
                classIndex, zeros, zeros, ImageBatch.of(Samples.SHAPE, averages), List.of(), Optional.empty(), 0);
    }
}
