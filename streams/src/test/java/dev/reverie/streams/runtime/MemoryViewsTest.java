package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.StoredSet;
import dev.reverie.streams.service.MemoryView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory")
class MemoryViewsTest {

    private static final ImageShape SHAPE = new ImageShape(1, 2, 2);
    private static final Normalisation NORMALISATION = Normalisation.neutral(SHAPE);
    private static final ClassList CAT = ClassList.of(List.of("cat"));

    private final MemoryViews views = new MemoryViews(Bits.EIGHT, () -> Instant.EPOCH);
    private int assembled;

    @Test
    @DisplayName("is not assembled again as long as its classes reply with the same images")
    void sameImages() {
        ImageBatch images = images(0.25f);

        MemoryView first = view(images, CAT);

        assertThat(view(images, CAT)).isSameAs(first);
        assertThat(assembled).isEqualTo(1);
    }

    @Test
    @DisplayName("is the same as before if other images are equal to the last ones")
    void equalImages() {
        MemoryView first = view(images(0.25f), CAT);

        assertThat(view(images(0.25f), CAT)).isSameAs(first);
        assertThat(assembled).isEqualTo(2);
    }

    @Test
    @DisplayName("has another version if an image or a class has changed")
    void changed() {
        // given
        ImageBatch images = images(0.25f);
        String first = view(images, CAT).version();

        // when
        String learned = view(images(0.5f), CAT).version();
        String renamed = view(images, ClassList.of(List.of("dog"))).version();

        // then
        assertThat(List.of(first, learned, renamed)).doesNotHaveDuplicates();
    }

    private MemoryView view(ImageBatch images, ClassList classes) {
        return views.of(new MemoryViews.Parts(Map.of(0, images), classes, 1, NORMALISATION), () -> {
            assembled++;
            return new StoredSet(images, List.of(0), 1, NORMALISATION, classes);
        });
    }

    private static ImageBatch images(float value) {
        return ImageBatch.of(SHAPE, new float[] {0, value, 0.5f, 1});
    }
}
