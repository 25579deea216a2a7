package dev.reverie.gpu.dataset.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Pictures in a folder that is laid out as a dataset. */
record PictureFolder(Path root) {

    /** Writes grey pictures of 8x6 pixels: three to train the classes cat and dog, and one to test them. */
    static PictureFolder withTwoClasses(Path root) {
        PictureFolder pictures = new PictureFolder(root);
        pictures.write("train/dog/1.png", grey(8, 6, 100));
        pictures.write("train/dog/2.png", grey(8, 6, 50));
        pictures.write("train/cat/1.png", grey(8, 6, 0));
        pictures.write("test/cat/1.png", grey(8, 6, 200));
        return pictures;
    }

    void write(String name, BufferedImage picture) {
        write(name, encoded(picture, "png"));
    }

    void write(String name, byte[] content) {
        Path file = root.resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BufferedImage grey(int width, int height, int level) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setSamples(0, 0, width, height, 0, filled(width * height, level));
        return picture;
    }

    static BufferedImage rgb(int width, int height, int colour) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(0, 0, width, height, filled(width * height, colour), 0, width);
        return picture;
    }

    static int[] filled(int length, int value) {
        int[] values = new int[length];
        Arrays.fill(values, value);
        return values;
    }

    static byte[] encoded(BufferedImage picture, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            assertThat(ImageIO.write(picture, format, out)).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
