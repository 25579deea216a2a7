package dev.reverie.gpu.dataset;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.stream.Stream;
import net.coobird.thumbnailator.resizers.Resizers;

/**
 * Brings images of any size to one size, with their proportions kept. Scales with bilinear interpolation; to avoid
 * aliasing, a large reduction takes several steps, each by a factor of at most two.
 */
public record Resizing(TargetSize size, Fit fit) {

    /** What happens to an image whose proportions differ from those of the size. */
    public enum Fit {
        /** The image covers the whole size, and what exceeds it at two opposite edges is cut off equally. */
        CROP,
        /** The whole image is centred on black. */
        PAD;

        public static Fit parse(String label) {
            return Stream.of(values())
                    .filter(fit -> fit.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> new DatasetException("'" + label + "' is not a fit: choose crop or pad"));
        }

        /** The word in settings and options. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Resizes a grey or RGB image; an image of the right size is returned unchanged.
     *
     * @throws IllegalArgumentException if an image of another size has neither one nor three channels
     */
    public Image apply(Image image) {
        if (size.fits(image.shape())) {
            return image;
        }
        int channels = image.shape().channels();
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException(
                    "only images with one or three channels can be resized, got " + image.shape());
        }
        Rectangle source = new Rectangle(image.shape().width(), image.shape().height());
        Rectangle target = new Rectangle(size.width(), size.height());
        BufferedImage resized = new BufferedImage(target.width, target.height, BufferedImage.TYPE_INT_RGB);
        ByteBuffer levels = image.levels();
        BufferedImage picture = RgbPicture.of(image.shape(), i -> Byte.toUnsignedInt(levels.get(i)));
        BufferedImage from = part(picture, fit == Fit.CROP ? largestInside(source, target) : source);
        BufferedImage to = part(resized, fit == Fit.PAD ? largestInside(target, source) : target);
        // In steps only if both sides shrink: a single row or column would vanish in them.
        boolean shrinks = from.getWidth() > to.getWidth() && from.getHeight() > to.getHeight();
        (shrinks ? Resizers.PROGRESSIVE : Resizers.BILINEAR).resize(from, to);
        return RgbPicture.toImage(resized, channels);
    }

    /** The largest rectangle with given proportions inside another, in its centre, with at least one pixel per side. */
    private static Rectangle largestInside(Rectangle outer, Rectangle proportions) {
        double ratio = (double) proportions.width / proportions.height;
        int width = Math.clamp(Math.round(outer.height * ratio), 1, outer.width);
        int height = Math.clamp(Math.round(outer.width / ratio), 1, outer.height);
        return new Rectangle((outer.width - width) / 2, (outer.height - height) / 2, width, height);
    }

    /** A part of a picture; both share the pixels. */
    private static BufferedImage part(BufferedImage picture, Rectangle bounds) {
        return picture.getSubimage(bounds.x, bounds.y, bounds.width, bounds.height);
    }
}
