package dev.reverie.gpu.dataset.published;

import static dev.reverie.gpu.dataset.published.TinyImageNetFixture.jpeg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Imagenette")
class ImagenetteTest {

    private static final long HEAP = 4L << 30;

    /** JPEG is lossy. */
    private static final Offset<Integer> TOLERANCE = Offset.offset(2);

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("is read from its archive, in one size and in colour; the validation images are the test images")
    void readsTheArchive() throws IOException {
        write(Map.of(
                "imagenette2-160/noisy_imagenette.csv",
                new byte[3],
                "imagenette2-160/val/n02102040/val_0.JPEG",
                jpeg(9, 60, false)));

        Dataset dataset = load(HEAP);

        assertThat(dataset.classNames()).hasSize(10).startsWith("tench", "English springer");
        assertThat(dataset.train()).extracting(LabelledImage::label).containsExactly(9, 0);
        assertThat(dataset.test()).extracting(LabelledImage::label).containsExactly(1);
        assertThat(dataset.train()).extracting(sample -> sample.image().shape()).containsOnly(new ImageShape(3, 8, 8));
        assertThat(dataset.train().getFirst().image().level(0)).isCloseTo(200, TOLERANCE);
    }

    @Test
    @DisplayName("is refused without a size, on a heap that is too small, or with a class that it does not have")
    void refuses() throws IOException {
        write(Map.of());
        assertThatThrownBy(() -> new Imagenette(HEAP).load(folder)).hasMessageContaining("add --resize WxH");
        assertThatThrownBy(() -> load(1 << 20)).hasMessageContaining("-Xmx4g");

        write(Map.of("imagenette2-160/train/n00000001/0.JPEG", jpeg(8, 1, false)));
        assertThatThrownBy(() -> load(HEAP))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("n00000001/0.JPEG belongs to none of the ten classes");
    }

    /** Writes an archive with a grey and a coloured training image, and other files. */
    private void write(Map<String, byte[]> others) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("imagenette2-160/train/n03888257/1.JPEG", jpeg(20, 200, true));
        files.put("imagenette2-160/train/n01440764/0.JPEG", jpeg(12, 100, false));
        files.putAll(others);
        Files.write(folder.resolve("imagenette2-160.tgz"), Archives.tarGz(files));
    }

    private Dataset load(long heap) {
        return new Imagenette(heap).load(folder, new Resizing(new TargetSize(8, 8), Resizing.Fit.CROP));
    }
}
