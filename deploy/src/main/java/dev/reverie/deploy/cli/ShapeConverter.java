package dev.reverie.deploy.cli;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Reads image shapes as people type them: {@code C,H,W}. */
final class ShapeConverter {

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,2}),([1-9]\\d{0,3}),([1-9]\\d{0,3})");

    /** Values of the largest image, 4,096 by 4,096 with one channel. */
    private static final long MAX_VALUES = 1L << 24;

    private ShapeConverter() {}

    /**
     * Reads channels, height and width.
     *
     * @throws TypeConversionException if the text is not such a shape, or the image is too large
     */
    static ImageShape parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is not an image shape; write channels,height,width, for example 3,32,32");
        }
        int channels = Integer.parseInt(matcher.group(1));
        int height = Integer.parseInt(matcher.group(2));
        int width = Integer.parseInt(matcher.group(3));
        long values = (long) channels * height * width;
        if (values > MAX_VALUES) {
            throw new TypeConversionException(
                    "'" + text + "' is an image of " + values + " values; write a shape of at most " + MAX_VALUES);
        }
        return new ImageShape(channels, height, width);
    }
}
