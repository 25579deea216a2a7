package dev.reverie.deploy.cli;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Reads image shapes as people type them: {@code C,H,W}. */
final class ShapeConverter {

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,2}),([1-9]\\d{0,3}),([1-9]\\d{0,3})");

    private ShapeConverter() {}

    /**
     * Reads channels, height and width.
     *
     * @throws TypeConversionException if the text is not such a shape
     */
    static ImageShape parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is not an image shape; write channels,height,width, for example 3,32,32");
        }
        return new ImageShape(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }
}
