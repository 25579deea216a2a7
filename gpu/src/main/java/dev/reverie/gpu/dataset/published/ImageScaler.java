package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.awt.image.BufferedImage;
import net.coobird.thumbnailator.resizers.Resizers;

/**
 * Scales images with bilinear interpolation. To avoid aliasing, a large reduction takes several steps, each by a factor
 * of at most two.
 */
final class ImageScaler {

    /** Maximum number of pixels of an image to be scaled, about 4,096 x 4,096. */
    static final long MAX_PIXELS = 1L << 24;

    private static final int OPAQUE = 0xff000000;

    private ImageScaler() {}

    /**
     * Scales {@code image} to {@code size} without keeping its proportions; an image of that size is returned
     * unchanged.
     */
    static Image to(TargetSize size, Image image) {
        ImageShape shape = new ImageShape(image.shape().channels(), size.height(), size.width());
        if (shape.equals(image.shape())) {
            return image;
        }
        BufferedImage scaled = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
        Resizers.PROGRESSIVE.resize(picture(image), scaled);
        return image(shape, scaled);
    }

    /**
     * Converts every image to RGB, even a grey one, because Java treats its grey type as linear light and would change
     * the levels.
     */
    private static BufferedImage picture(Image image) {
        ImageShape shape = image.shape();
        int plane = shape.planeSize();
        int green = shape.channels() == 1 ? 0 : plane;
        int[] pixels = new int[plane];
        for (int i = 0; i < plane; i++) {
            pixels[i] = OPAQUE | image.level(i) << 16 | image.level(green + i) << 8 | image.level(2 * green + i);
        }
        BufferedImage picture = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
        picture.setRGB(0, 0, shape.width(), shape.height(), pixels, 0, shape.width());
        return picture;
    }

    private static Image image(ImageShape shape, BufferedImage picture) {
        int plane = shape.planeSize();
        int[] colours = picture.getRGB(0, 0, shape.width(), shape.height(), new int[plane], 0, shape.width());
        byte[] pixels = new byte[shape.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (colours[i % plane] >> (16 - 8 * (i / plane)));
        }
        return Image.of(shape, pixels);
    }
}
