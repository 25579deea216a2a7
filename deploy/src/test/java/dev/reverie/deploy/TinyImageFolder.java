package dev.reverie.deploy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Writes a tiny dataset as a folder of PNGs: one class has bright noise in the upper half, the other in the lower. */
public final class TinyImageFolder {

    /** Training images of the class {@code upper}. */
    public static final int UPPER = 24;

    /** Training images of the class {@code lower}. */
    public static final int LOWER = 18;

    private static final int SIDE = 8;

    private TinyImageFolder() {}

    /** Writes the dataset and returns its name on the command line. */
    public static String writeTo(Path folder) throws IOException {
        Random random = new Random(5);
        write(folder.resolve("train/upper"), UPPER, 0, random);
        write(folder.resolve("train/lower"), LOWER, SIDE / 2, random);
        write(folder.resolve("test/upper"), 6, 0, random);
        write(folder.resolve("test/lower"), 6, SIDE / 2, random);
        return "folder:" + folder;
    }

    private static void write(Path folder, int count, int top, Random random) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
            for (int y = top; y < top + SIDE / 2; y++) {
                for (int x = 0; x < SIDE; x++) {
                    picture.getRaster().setSample(x, y, 0, 128 + random.nextInt(128));
                }
            }
            ImageIO.write(picture, "png", folder.resolve(i + ".png").toFile());
        }
    }
}
