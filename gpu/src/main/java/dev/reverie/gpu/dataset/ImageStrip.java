package dev.reverie.gpu.dataset;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Draws images side by side, pixel for pixel, with a transparent column between them. Values outside [0, 1] are
 * clamped.
 */
public record ImageStrip(ImageBatch images) {

    private static final int GAP = 1;

    /** Writes the strip as PNG to {@code out}, which stays open. */
    public void writePng(OutputStream out) throws IOException {
        ImageGrid.write(render(), out);
    }

    private BufferedImage render() {
        ImageShape shape = images.shape();
        int step = shape.width() + GAP;
        BufferedImage strip =
                new BufferedImage(images.count() * step - GAP, shape.height(), BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = strip.createGraphics();
        for (int image = 0; image < images.count(); image++) {
            graphics.drawImage(picture(images, image), image * step, 0, null);
        }
        graphics.dispose();
        return strip;
    }

    static BufferedImage picture(ImageBatch images, int index) {
        double[] values = images.values(index);
        return RgbPicture.of(images.shape(), i -> (int) Math.round(Image.MAX_LEVEL * Math.clamp(values[i], 0.0, 1.0)));
    }
}
