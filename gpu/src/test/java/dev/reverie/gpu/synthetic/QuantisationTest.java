package dev.reverie.gpu.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A set in bytes")
class QuantisationTest {

    private static final ImageShape SHAPE = new ImageShape(1, 5, 6);

    @ParameterizedTest(name = "factor {0}")
    @DisplayName("has the rounded stored images, and the rounded images to which these decode")
    @ValueSource(ints = {1, 2})
    void decodesWhatIsStored(int factor) {
        DistilledSet learned = learned(factor);
        MultiFormation formation = MultiFormation.of(factor, SHAPE);

        DistilledSet bytes = StoredSet.inBytes(learned);

        ImageBatch stored = learned.parameters().as(Dtype.UINT8);
        List<ImageBatch> decoded =
                List.of(formation.decode(stored.pick(List.of(0, 1, 2))), formation.decode(stored.pick(List.of(3, 4))));
        assertThat(bytes.parameters().toLevels()).isEqualTo(stored.toLevels());
        assertThat(bytes.images().dtype()).isEqualTo(Dtype.UINT8);
        assertThat(bytes.images().toLevels()).isEqualTo(ImageBatch.join(decoded).toLevels());
        assertThat(bytes.labels()).isEqualTo(learned.labels());
        assertThat(bytes.classes()).isEqualTo(learned.classes());
        assertThat(bytes.storesDecoded()).isEqualTo(factor == 1);
    }

    @Test
    @DisplayName("can be empty")
    void empty() {
        ImageBatch none = ImageBatch.of(SHAPE, new float[0]);
        DistilledSet learned = new DistilledSet(
                none, List.of(), none, List.of(), 2, Normalisation.neutral(SHAPE), ClassList.of(List.of("cat", "dog")));

        assertThat(StoredSet.inBytes(learned).images().count()).isZero();
    }

    /** Three stored images of a class and two of another. */
    static DistilledSet learned(int factor) {
        Random random = new Random(3);
        MultiFormation formation = MultiFormation.of(factor, SHAPE);
        List<ImageBatch> stored = new ArrayList<>();
        List<ImageBatch> decoded = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int label = 0; label < 2; label++) {
            float[] values = new float[(3 - label) * SHAPE.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat();
            }
            stored.add(ImageBatch.of(SHAPE, values));
            decoded.add(formation.decode(stored.getLast()));
            labels.addAll(Collections.nCopies(decoded.getLast().count(), label));
        }
        return new DistilledSet(
                ImageBatch.join(decoded),
                labels,
                ImageBatch.join(stored),
                List.of(0, 0, 0, 1, 1),
                factor,
                Normalisation.neutral(SHAPE),
                ClassList.of(List.of("cat", "dog")));
    }
}
