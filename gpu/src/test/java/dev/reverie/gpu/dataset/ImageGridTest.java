package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGridTest {

    private static final ImageShape PIXEL_PAIR = new ImageShape(3, 1, 2);

    @Test
    @DisplayName("writes a PNG with one row per class, pixels enlarged to sharp squares, and clamped values")
    void writesRows(@TempDir Path folder) throws IOException {
        ImageBatch images = ImageBatch.of(PIXEL_PAIR, new float[] {
            0, 1, 0, 1, 0, 1, // black, white
            1.5f, 0, -2, 0, 0, 0.5f, // red, half blue
        });

        grid(images, List.of(1, 0), ClassList.of(List.of("", ""))).writePng(folder.resolve("grid.png"));

        BufferedImage picture = ImageIO.read(folder.resolve("grid.png").toFile());
        assertThat(picture.getWidth()).isEqualTo(16 + 72 + 16);
        assertThat(picture.getHeight()).isEqualTo(16 + 36 + 4 + 36 + 16);
        assertThat(rgb(picture, 16, 16)).isEqualTo(0xff0000);
        assertThat(rgb(picture, 51, 51)).isEqualTo(0xff0000);
        assertThat(rgb(picture, 52, 16)).isEqualTo(0x000080);
        assertThat(rgb(picture, 16, 56)).isEqualTo(0x000000);
        assertThat(rgb(picture, 87, 91)).isEqualTo(0xffffff);
    }

    @Test
    @DisplayName("enlarges less for many classes, so that a grid of a thousand can still be opened")
    void staysSmall() {
        ImageShape shape = new ImageShape(1, 16, 16);
        List<Integer> labels = IntStream.range(0, 1000).boxed().toList();
        List<String> names = labels.stream().map(label -> "class " + label).toList();

        BufferedImage picture = grid(ImageBatch.of(shape, new float[1000 * shape.size()]), labels, ClassList.of(names))
                .render();

        assertThat(picture.getHeight()).isEqualTo(16 + 1000 * (16 + 4) - 4 + 16);
    }

    @Test
    @DisplayName("draws only the first of many thousand classes, so that their number does not determine its size")
    void manyClasses() {
        ImageShape shape = new ImageShape(1, 16, 16);
        List<Integer> labels = IntStream.range(0, 6_657).boxed().toList();
        List<String> names = labels.stream().map(label -> "class " + label).toList();

        ImageGrid grid = grid(ImageBatch.of(shape, new float[6_657 * shape.size()]), labels, ClassList.of(names));
        BufferedImage picture = grid.render();

        assertThat(grid.bytes()).isLessThan(64 << 20);
        assertThat(picture.getHeight()).isEqualTo(16 + 1000 * (16 + 4) - 4 + 16);
    }

    @Test
    @DisplayName("draws only the first of many thousand images of a class")
    void manyImages() {
        int count = 4_000;
        ImageBatch images = ImageBatch.of(new ImageShape(1, 16, 16), new float[256 * count]);

        ImageGrid grid = grid(images, Collections.nCopies(count, 0), ClassList.of(List.of("")));

        assertThat(grid.render().getWidth()).isBetween(19_000, 20_000);
        assertThat(grid.bytes()).isLessThan(4 << 20);
    }

    @Test
    @DisplayName("draws fewer images of each class if all of them would exceed the number of pixels")
    void highAndWide() {
        int count = 4_000 * 20;
        List<Integer> labels =
                IntStream.range(0, count).map(i -> i / 20).boxed().toList();
        List<String> names =
                IntStream.range(0, 4_000).mapToObj(Integer::toString).toList();
        ImageBatch images = ImageBatch.of(new ImageShape(1, 1, 100), new float[100 * count]);

        ImageGrid limited = ImageGrid.of(images, labels, ClassList.of(names), 32 << 20);
        ImageGrid whole = grid(images, labels, ClassList.of(names));

        assertThat(limited.bytes()).isLessThanOrEqualTo(4L * (32 << 20));
        assertThat(whole.bytes()).isGreaterThan(4L * 4_000 * (1 + 4) * 20 * (100 + 4));
    }

    @Test
    @DisplayName("enlarges less rather than leave out images")
    void enlargesLess() {
        int count = 200 * 20;
        List<Integer> labels =
                IntStream.range(0, count).map(i -> i / 20).boxed().toList();
        List<String> names = IntStream.range(0, 200).mapToObj(Integer::toString).toList();
        ImageBatch images = ImageBatch.of(new ImageShape(1, 28, 28), new float[28 * 28 * count]);

        BufferedImage picture =
                ImageGrid.of(images, labels, ClassList.of(names), 32 << 20).render();

        assertThat(picture.getHeight()).isBetween(200 * 2 * 28, 200 * 3 * 28);
        assertThat(picture.getWidth()).isGreaterThan(20 * 2 * 28);
    }

    @Test
    @DisplayName("shows the stored images of a distilled set, and grey images as grey")
    void showsStoredImages() {
        ImageShape shape = new ImageShape(1, 2, 2);
        ImageBatch decoded = ImageBatch.of(shape, new float[16]);
        ImageBatch stored = ImageBatch.of(shape, new float[] {0.2f, 0.2f, 0.2f, 0.2f});
        DistilledSet set = new DistilledSet(
                decoded,
                List.of(0, 0, 0, 0),
                stored,
                List.of(0),
                2,
                new Normalisation(List.of(0.5), List.of(0.5)),
                ClassList.of(List.of("")));

        BufferedImage picture = ImageGrid.ofStored(set, Long.MAX_VALUE).render();

        assertThat(picture.getWidth()).isEqualTo(16 + 72 + 16);
        assertThat(rgb(picture, 20, 20)).isEqualTo(0x333333);
    }

    @Test
    @DisplayName("does not enlarge wide rows")
    void keepsWideRowsSmall() {
        int count = 400;
        ImageBatch images = ImageBatch.of(new ImageShape(1, 8, 8), new float[64 * count]);

        BufferedImage picture = grid(images, Collections.nCopies(count, 0), ClassList.of(List.of("")))
                .render();

        assertThat(picture.getWidth()).isEqualTo(16 + count * (8 + 4) - 4 + 16);
    }

    @Test
    @DisplayName("shortens long names, so that no name makes the picture larger than its announced size")
    void shortensNames() {
        ImageBatch image = ImageBatch.of(new ImageShape(1, 8, 8), new float[64]);
        ImageGrid grid = grid(image, List.of(0), ClassList.of(List.of("W".repeat(128))));

        BufferedImage picture = grid.render();

        assertThat(picture.getWidth()).isLessThanOrEqualTo(16 + 300 + 12 + 72 + 16);
        assertThat(4L * picture.getWidth() * picture.getHeight()).isLessThanOrEqualTo(grid.bytes());
    }

    @Test
    @DisplayName("refuses images that it cannot show")
    void refusesOtherInput() {
        ImageBatch two = ImageBatch.of(new ImageShape(2, 1, 1), new float[2]);
        ImageBatch one = ImageBatch.of(new ImageShape(1, 1, 1), new float[1]);

        assertThatThrownBy(() -> grid(two, List.of(0), ClassList.of(List.of("a"))))
                .hasMessage("an image must have 1 or 3 channels, got 2");
        assertThatThrownBy(() -> grid(one, List.of(), ClassList.of(List.of("a"))))
                .hasMessage("a grid needs at least one image and one label per image, got 1 and 0");
        assertThatThrownBy(() -> grid(one, List.of(1), ClassList.of(List.of("a"))))
                .hasMessage("label 1 has no class name");
    }

    private static int rgb(BufferedImage picture, int x, int y) {
        return picture.getRGB(x, y) & 0xffffff;
    }

    private static ImageGrid grid(ImageBatch images, List<Integer> labels, ClassList classes) {
        return ImageGrid.of(images, labels, classes, Long.MAX_VALUE);
    }
}
