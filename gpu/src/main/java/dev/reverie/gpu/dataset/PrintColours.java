package dev.reverie.gpu.dataset;

import java.awt.image.Raster;

/**
 * How the four channels of a JPEG in print colours are stored: as inks, or by Adobe as what the inks leave of the
 * light, perhaps with the first three as YCbCr. Colour profiles are not applied, as for other images.
 */
enum PrintColours {
    INKS,
    LIGHT,
    LIGHT_AS_YCBCR;

    static final int CHANNELS = 4;

    private static final int MAX = 255;
    private static final int YCCK = 2;

    /** Returns what an Adobe header declares by its last byte. */
    static PrintColours ofAdobe(int transform) {
        return transform == YCCK ? LIGHT_AS_YCBCR : LIGHT;
    }

    /**
     * Mixes red, green and blue.
     *
     * @param picture the channels as they are stored
     */
    Image mixed(Raster picture) {
        ImageShape shape = new ImageShape(3, picture.getHeight(), picture.getWidth());
        int[] samples = picture.getPixels(0, 0, shape.width(), shape.height(), new int[CHANNELS * shape.planeSize()]);
        byte[] levels = new byte[shape.size()];
        for (int i = 0; i < levels.length; i++) {
            int pixel = i % shape.planeSize() * CHANNELS;
            levels[i] =
                    (byte) Math.round(light(samples, pixel, i / shape.planeSize()) * black(samples[pixel + 3]) / MAX);
        }
        return Image.of(shape, levels);
    }

    private double black(int stored) {
        return this == INKS ? MAX - stored : stored;
    }

    /** What the ink of a channel leaves of red, green or blue, 0 to 255. */
    private double light(int[] samples, int pixel, int channel) {
        return switch (this) {
            case INKS -> MAX - samples[pixel + channel];
            case LIGHT -> samples[pixel + channel];
            case LIGHT_AS_YCBCR -> MAX - fromYcbcr(samples[pixel], samples[pixel + 1], samples[pixel + 2], channel);
        };
    }

    /** Red, green or blue by the equations of JFIF. */
    private static double fromYcbcr(int y, int cb, int cr, int channel) {
        double value =
                switch (channel) {
                    case 0 -> y + 1.402 * (cr - 128);
                    case 1 -> y - 0.344_136 * (cb - 128) - 0.714_136 * (cr - 128);
                    default -> y + 1.772 * (cb - 128);
                };
        return Math.clamp(value, 0, MAX);
    }
}
