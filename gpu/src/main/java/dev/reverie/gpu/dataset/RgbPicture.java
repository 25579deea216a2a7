package dev.reverie.gpu.dataset;

import java.awt.image.BufferedImage;
import java.util.function.IntUnaryOperator;

/**
 * Converts images to pictures of Java 2D, and back. Every picture is RGB, even that of a grey image, because Java
 * treats its grey type as linear light and would change the levels.
 */
final class RgbPicture {

    private static final int OPAQUE = 0xff;

    private RgbPicture() {}

    /**
     * Returns the picture of an image with one or three channels.
     *
     * @param level the level, 0 to 255, at an index in channel-first order
     */
    static BufferedImage of(ImageShape shape, IntUnaryOperator level) {
        int plane = shape.planeSize();
        int green = shape.channels() == 1 ? 0 : plane;
        int[] pixels = new int[plane];
        for (int i = 0; i < plane; i++) {
            pixels[i] = level.applyAsInt(i) << 16 | level.applyAsInt(green + i) << 8 | level.applyAsInt(2 * green + i);
        }
        BufferedImage picture = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
        picture.setRGB(0, 0, shape.width(), shape.height(), pixels, 0, shape.width());
        return picture;
    }

    /**
     * Returns the image in a picture: all three channels, or the first alone, for the picture of a grey image.
     * Transparent pixels are seen on black.
     */
    static Image toImage(BufferedImage picture, int channels) {
        ImageShape shape = new ImageShape(channels, picture.getHeight(), picture.getWidth());
        int plane = shape.planeSize();
        int[] colours = picture.getRGB(0, 0, shape.width(), shape.height(), new int[plane], 0, shape.width());
        byte[] pixels = new byte[shape.size()];
        for (int i = 0; i < pixels.length; i++) {
            int colour = colours[i % plane];
            int opacity = colour >>> 24; // 0 to 255
            pixels[i] = (byte) Math.round((colour >> (16 - 8 * (i / plane)) & OPAQUE) * opacity / (float) OPAQUE);
        }
        return Image.of(shape, pixels);
    }
}
