package dev.reverie.actors.classes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.formation.DeadZone;
import dev.reverie.gpu.formation.StoredSet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The images of all classes")
class DistilledSetAssemblerTest {

    @Test
    @DisplayName("are put together as they are stored: averages, clamped to [0, 1] and not decoded")
    void stored() {
        // given
        Normalisation normalisation = Normalisation.neutral(Samples.SHAPE);
        ClassList classes = new ClassList(List.of(3, 7), List.of("cat", "dog"));

        // when
        StoredSet set = DistilledSetAssembler.assemble(
                List.of(snapshot(3, 2, 0.25f), snapshot(7, 1, 1.5f)), classes, 2, normalisation, DeadZone.NONE);

        // then
        float[] expected = new float[3 * Samples.SHAPE.size()];
        Arrays.fill(expected, 0, 2 * Samples.SHAPE.size(), 0.25f);
        Arrays.fill(expected, 2 * Samples.SHAPE.size(), expected.length, 1);
        assertThat(set.images().toArray()).isEqualTo(expected);
        assertThat(set.labels()).containsExactly(3, 3, 7);
        assertThat(set.factor()).isEqualTo(2);
        assertThat(set.normalisation()).isEqualTo(normalisation);
        assertThat(set.classes()).isEqualTo(classes);
    }

    private static ClassSnapshot snapshot(int label, int count, float average) {
        float[] values = new float[count * Samples.SHAPE.size()];
        ImageBatch zeros = ImageBatch.of(Samples.SHAPE, values);
        Arrays.fill(values, average);
        return new ClassSnapshot(
                label, zeros, zeros, ImageBatch.of(Samples.SHAPE, values), List.of(), Optional.empty(), 0);
    }
}
