package dev.reverie.gpu.dataset.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderDatasetTest {

    private static final int GREY_100 = 0x646464;
    private static final Resizing EIGHT_BY_FOUR = new Resizing(new TargetSize(8, 4), Resizing.Fit.CROP);

    private Path root;
    private Path cache;

    @BeforeEach
    void writeTwoClasses(@TempDir Path folder, @TempDir Path home) {
        root = folder;
        cache = home;
        write("train/dog/1.png", grey(8, 6, 100));
        write("train/dog/2.png", grey(8, 6, 50));
        write("train/cat/1.png", grey(8, 6, 0));
        write("test/cat/1.png", grey(8, 6, 200));
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
        write("train/cat/2.png", rgb(8, 6, 0x102030));

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
        write("train/cat/2.jpg", encoded(rgb(8, 6, GREY_100), "jpg"));
        write("train/cat/3.JPEG", encoded(rgb(8, 6, GREY_100), "jpg"));

        assertThat(load().train()).hasSize(5);
        assertThat(load().train().get(1).image().level(0)).isBetween(98, 102);
    }

    @Test
    @DisplayName("skips hidden files")
    void ignoresHiddenFiles() {
        write("train/cat/.DS_Store", new byte[] {1});

        assertThat(load().train()).hasSize(3);
    }

    @Test
    @DisplayName("refuses images of different sizes")
    void refusesOtherSizes() {
        write("train/dog/3.png", grey(6, 8, 0));

        assertRefused("3.png is 6x8 pixels (width x height), but the images before it are 8x6: bring"
                + " all images to one size with --resize WxH");
    }

    @Test
    @DisplayName("refuses truncated PNG and JPEG files, however little is missing")
    void refusesTruncatedPictures() {
        byte[] png = encoded(grey(8, 6, 1), "png");
        write("train/dog/3.png", Arrays.copyOf(png, png.length - 1));
        assertRefused("3.png is a truncated PNG: its last chunk, IEND, is missing");

        write("train/dog/3.png", png);
        byte[] jpeg = encoded(rgb(8, 6, 1), "jpg");
        write("train/dog/4.jpg", Arrays.copyOf(jpeg, jpeg.length - 2));
        assertRefused("4.jpg is a truncated JPEG: its last marker, EOI, is missing");
    }

    @Test
    @DisplayName("refuses a PNG with damage in the middle")
    void refusesDamagedPictures() {
        byte[] png = encoded(grey(8, 6, 1), "png");
        for (int i = 41; i < 47; i++) {
            png[i] ^= 0x55;
        }
        write("train/dog/3.png", png);

        assertRefused("3.png");
    }

    @Test
    @DisplayName("refuses a file whose content contradicts its extension")
    void refusesMislabelledFiles() {
        write("train/dog/3.png", encoded(rgb(8, 6, 1), "jpg"));
        assertRefused("3.png is a JPEG, although its name says PNG");

        write("train/dog/3.png", new byte[] {'<', 's', 'v', 'g', '>', 0, 0, 0, 0});
        assertRefused("3.png is neither a PNG nor a JPEG, although its name says PNG");

        write("train/dog/3.png", new byte[0]);
        assertRefused("3.png is empty");

        write("train/dog/3.png", encoded(grey(8, 6, 1), "png"));
        write("train/dog/notes.txt", new byte[] {1});
        assertRefused("notes.txt is not a .png, .jpg or .jpeg");
    }

    @Test
    @DisplayName("refuses an image whose header declares an enormous size, without decoding it")
    void refusesBombs() {
        byte[] png = encoded(grey(8, 6, 1), "png");
        ByteBuffer.wrap(png).putInt(16, 30_000).putInt(20, 30_000);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        write("train/dog/3.png", png);

        assertRefused("3.png has 30000x30000 pixels");
    }

    @Test
    @DisplayName("refuses transparent pixels and accepts an opaque alpha channel")
    void refusesTransparency() {
        BufferedImage picture = new BufferedImage(8, 6, BufferedImage.TYPE_INT_ARGB);
        picture.setRGB(0, 0, 8, 6, filled(48, 0xff000000), 0, 8);
        write("train/dog/3.png", picture);
        assertThat(load().shape().channels()).isEqualTo(3);

        picture.setRGB(3, 3, 0x80000000);
        write("train/dog/3.png", picture);
        assertRefused("3.png has transparent pixels");
    }

    @Test
    @DisplayName("names the folder that is missing, empty or without a counterpart")
    void refusesAnotherLayout() throws IOException {
        Files.createDirectories(root.resolve("train/bird"));
        assertRefused(root.resolve("train/bird") + " has no images");

        Files.delete(root.resolve("train/bird"));
        write("test/fish/1.png", grey(8, 6, 1));
        assertRefused(
                "test/fish is a test class without training images: add the folder " + root.resolve("train/fish"));

        FolderDataset nowhere = new FolderDataset(root.resolve("nowhere"), List.of(), Optional.empty());
        assertThatThrownBy(() -> nowhere.load("folder:nowhere", new DataHome(cache), LoadProgress.NONE))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(
                        "there is no folder " + root.resolve("nowhere").resolve("train"));
    }

    @Test
    @DisplayName("resizes images of any sizes, larger or smaller, and makes grey ones RGB beside colour")
    void resizesMixedSizes() {
        write("train/dog/3.png", rgb(20, 5, GREY_100));

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
        write("train/bird/1.png", grey(8, 6, 7));

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

    private void assertRefused(String message) {
        assertThatThrownBy(this::load).isInstanceOf(DatasetException.class).hasMessageContaining(message);
    }

    private static BufferedImage grey(int width, int height, int level) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setSamples(0, 0, width, height, 0, filled(width * height, level));
        return picture;
    }

    private static BufferedImage rgb(int width, int height, int colour) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(0, 0, width, height, filled(width * height, colour), 0, width);
        return picture;
    }

    private static int[] filled(int length, int value) {
        int[] values = new int[length];
        Arrays.fill(values, value);
        return values;
    }

    private static byte[] encoded(BufferedImage picture, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            assertThat(ImageIO.write(picture, format, out)).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void write(String name, BufferedImage picture) {
        write(name, encoded(picture, "png"));
    }

    private void write(String name, byte[] content) {
        Path file = root.resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
