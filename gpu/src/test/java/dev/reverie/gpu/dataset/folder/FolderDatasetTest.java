package dev.reverie.gpu.dataset.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A dataset in a folder")
class FolderDatasetTest {

    private static final int GREY_100 = 0x646464;
    private static final Resizing EIGHT_BY_FOUR = new Resizing(new TargetSize(8, 4), Resizing.Fit.CROP);

    private Path root;
    private Path cache;
    private PictureFolder pictures;

    @BeforeEach
    void writeTwoClasses(@TempDir Path folder, @TempDir Path home) {
        root = folder;
        cache = home;
        pictures = PictureFolder.withTwoClasses(folder);
    }

    @Test
    @DisplayName("takes the classes from the sorted folders and reads grey images as one channel")
    void readsGreyPictures() {
        Dataset dataset = load();

        assertThat(dataset.classNames()).containsExactly("cat", "dog");
        assertThat(dataset.shape()).isEqualTo(new ImageShape(1, 6, 8));
        assertThat(dataset.train()).extracting(LabelledImage::label).containsExactly(0, 1, 1);
        assertThat(dataset.train().get(1).image().level(0)).isEqualTo(100);
        assertThat(dataset.test())
                .singleElement()
                .extracting(LabelledImage::label)
                .isEqualTo(0);
    }

    @Test
    @DisplayName("computes mean and deviation from the training images")
    void measuresTheNormalisation() {
        Normalisation normalisation = load().normalisation();

        assertThat(normalisation.mean().getFirst()).isCloseTo(50 / 255.0, within(1e-12));
        assertThat(normalisation.std().getFirst()).isCloseTo(Math.sqrt(5000 / 3.0) / 255.0, within(1e-12));
    }

    @Test
    @DisplayName("converts all images to RGB, channel-first, if one image has colour")
    void widensToColour() {
        pictures.write("train/cat/2.png", PictureFolder.rgb(8, 6, 0x102030));

        Dataset dataset = load();

        assertThat(dataset.shape()).isEqualTo(new ImageShape(3, 6, 8));
        Image colour = dataset.train().get(1).image();
        assertThat(new int[] {colour.level(0), colour.level(48), colour.level(96)})
                .containsExactly(16, 32, 48);
        Image grey = dataset.train().get(2).image();
        assertThat(new int[] {grey.level(0), grey.level(48), grey.level(143)}).containsOnly(100);
    }

    @Test
    @DisplayName("reads JPEG files with either extension")
    void readsJpeg() {
        pictures.write("train/cat/2.jpg", PictureFolder.encoded(PictureFolder.rgb(8, 6, GREY_100), "jpg"));
        pictures.write("train/cat/3.JPEG", PictureFolder.encoded(PictureFolder.rgb(8, 6, GREY_100), "jpg"));

        assertThat(load().train()).hasSize(5);
        assertThat(load().train().get(1).image().level(0)).isBetween(98, 102);
    }

    @Test
    @DisplayName("skips hidden files and folders")
    void ignoresHiddenFiles() {
        pictures.write("train/cat/.DS_Store", new byte[] {1});
        pictures.write("train/.cache/1.png", PictureFolder.grey(8, 6, 1));

        assertThat(load().classNames()).containsExactly("cat", "dog");
        assertThat(load().train()).hasSize(3);
    }

    @Test
    @DisplayName("resizes images of any sizes, larger or smaller, and makes grey ones RGB beside colour")
    void resizesMixedSizes() {
        pictures.write("train/dog/3.png", PictureFolder.rgb(20, 5, GREY_100));

        Dataset dataset = resized();

        assertThat(dataset.shape()).isEqualTo(new ImageShape(3, 4, 8));
        assertThat(dataset.train())
                .extracting(sample -> sample.image().level(0))
                .containsExactly(0, 100, 50, 100);
    }

    @Test
    @DisplayName("takes the test images from val if there is no folder test, as in ImageNet")
    void readsValidationImages() throws IOException {
        Files.move(root.resolve("test"), root.resolve("val"));

        assertThat(load().test()).hasSize(1);
    }

    @Test
    @DisplayName("reads only the chosen classes, in the given order")
    void readsChosenClasses() {
        pictures.write("train/bird/1.png", PictureFolder.grey(8, 6, 7));

        Dataset dataset = load(List.of("dog", "bird"), Optional.empty());

        assertThat(dataset.classNames()).containsExactly("dog", "bird");
        assertThat(dataset.train()).extracting(LabelledImage::label).containsExactly(0, 0, 1);
        assertThat(dataset.test()).isEmpty();
        assertThatThrownBy(() -> load(List.of("dog", "fish"), Optional.empty()))
                .hasMessageContaining("there is no class 'fish' in " + root.resolve("train"));
    }

    @Test
    @DisplayName("tells how many files it has found before it reads the first one")
    void tellsOfTheListing() {
        List<String> told = new ArrayList<>();
        LoadProgress progress = new LoadProgress() {
            @Override
            public void found(int files) {
                told.add("found " + files);
            }

            @Override
            public void read(int done, int total) {
                told.add("read " + done + "/" + total);
            }
        };

        new FolderDataset(root, List.of(), Optional.empty()).load("folder:" + root, new DataHome(cache), progress);

        assertThat(told)
                .containsExactly(
                        "found 1", "found 2", "found 3", "found 4", "read 1/4", "read 2/4", "read 3/4", "read 4/4");
    }

    private Dataset load() {
        return load(List.of(), Optional.empty());
    }

    private Dataset resized() {
        return load(List.of(), Optional.of(EIGHT_BY_FOUR));
    }

    private Dataset load(List<String> classes, Optional<Resizing> resizing) {
        return new FolderDataset(root, classes, resizing)
                .load("folder:" + root, new DataHome(cache), LoadProgress.NONE);
    }
}
