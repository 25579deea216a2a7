package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A chain of batches")
class ChainOfBatchesTest {

    private static final ImageShape SHAPE = new ImageShape(3, 9, 7);
    private static final ImageBatch FIRST = random(2, 1);
    private static final ImageBatch SECOND = random(150, 2);

    @ParameterizedTest
    @DisplayName("has the images of the joined batches, one by one, picked and as a whole")
    @EnumSource
    void sameImages(Dtype dtype) {
        List<ImageBatch> parts = List.of(FIRST.as(dtype), computed(SECOND.as(dtype)), FIRST.as(dtype));
        ImageBatch joined = ImageBatch.join(parts);

        ImageBatch chain = ImageBatch.chain(parts);

        List<Integer> some = List.of(153, 1, 2, 2, 151, 0);
        assertThat(chain.count()).isEqualTo(154);
        assertThat(chain.dtype()).isEqualTo(dtype);
        assertThat(chain.values(152)).isEqualTo(joined.values(152));
        assertThat(chain.pick(some).toArray()).isEqualTo(joined.pick(some).toArray());
        assertThat(chain.toArray()).isEqualTo(joined.toArray());
        assertThat(chain.toLevels()).isEqualTo(joined.toLevels());
    }

    @ParameterizedTest
    @DisplayName("is written to the same file as the joined batches")
    @EnumSource
    void sameFile(Dtype dtype) throws IOException {
        List<ImageBatch> parts = List.of(FIRST.as(dtype), computed(SECOND.as(dtype)));

        assertThat(file(ImageBatch.chain(parts))).isEqualTo(file(ImageBatch.join(parts)));
    }

    @Test
    @DisplayName("is refused if its batches differ in the type of their values")
    void refused() {
        List<ImageBatch> mixed = List.of(FIRST, SECOND.as(Dtype.UINT8));

        assertThatThrownBy(() -> ImageBatch.chain(mixed)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ImageBatch computed(ImageBatch batch) {
        return ImageBatch.computed(SHAPE, batch.count(), batch.dtype(), batch::pick);
    }

    private static byte[] file(ImageBatch images) throws IOException {
        List<Integer> labels = Collections.nCopies(images.count(), 0);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        NpzFile.write(
                new DistilledSet(
                        images, labels, images, labels, 1, Normalisation.neutral(SHAPE), ClassList.of(List.of("cat"))),
                NpzFile.Numbering.INDEX,
                file);
        return file.toByteArray();
    }

    private static ImageBatch random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count * SHAPE.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return ImageBatch.of(SHAPE, values);
    }
}
