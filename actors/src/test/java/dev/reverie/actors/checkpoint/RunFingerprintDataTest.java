package dev.reverie.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The configuration of a run")
class RunFingerprintDataTest {

    private static final List<Image> IMAGES = Samples.images(4, 0);

    private final RunFingerprint configuration = configuration("tiny", IMAGES, 0, 1, 0, 1);

    @Test
    @DisplayName("tells apart images that differ in one pixel")
    void imagesDiffer() {
        List<Image> images = new ArrayList<>(IMAGES);
        byte[] pixels = new byte[Samples.SHAPE.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) images.getLast().level(i);
        }
        pixels[5] ^= 1;
        images.set(3, Image.of(Samples.SHAPE, pixels));

        assertHasOtherChecksum(configuration("tiny", images, 0, 1, 0, 1));
    }

    @Test
    @DisplayName("tells apart images that have exchanged their classes")
    void labelsDiffer() {
        assertHasOtherChecksum(configuration("tiny", IMAGES, 1, 0, 0, 1));
    }

    private void assertHasOtherChecksum(RunFingerprint other) {
        assertThat(configuration.differenceFrom(other)).hasValueSatisfying(difference -> assertThat(difference)
                .startsWith("checksum of the training images: "));
    }

    @Test
    @DisplayName("leaves the path of a folder with images open")
    void pathsMayDiffer() {
        assertThat(configuration("folder:/data/pets", IMAGES, 0, 1, 0, 1)
                        .differenceFrom(configuration("folder:/backup/pets", IMAGES, 0, 1, 0, 1)))
                .isEmpty();
    }

    private static RunFingerprint configuration(String dataset, List<Image> images, int... labels) {
        List<LabelledImage> train = IntStream.range(0, images.size())
                .mapToObj(i -> new LabelledImage(images.get(i), labels[i]))
                .toList();
        return RunFingerprint.of(
                new Dataset(
                        dataset,
                        Samples.SHAPE,
                        List.of("cat", "dog"),
                        new Normalisation(List.of(0.5), List.of(0.25)),
                        train,
                        List.of()),
                Samples.settings(Method.DREAM));
    }
}
