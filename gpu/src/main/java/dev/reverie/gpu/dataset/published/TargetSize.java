package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DatasetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size to which images are scaled.
 *
 * @param height side length in pixels, 1 to 1,024
 * @param width side length in pixels, 1 to 1,024
 */
public record TargetSize(int height, int width) {

    private static final int LARGEST = 1024;
    private static final Pattern FORM = Pattern.compile("([0-9]{1,4})x([0-9]{1,4})");

    public TargetSize {
        if (height < 1 || height > LARGEST || width < 1 || width > LARGEST) {
            throw new DatasetException("--resize scales images to sizes from 1x1 to " + LARGEST + "x" + LARGEST
                    + ", not to " + height + "x" + width);
        }
    }

    /**
     * Parses a size such as {@code 32x48}, height first.
     *
     * @throws DatasetException if the text has another form, or the size is out of range
     */
    public static TargetSize parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new DatasetException("'" + text + "' is not a size: write HEIGHTxWIDTH, for example 32x32");
        }
        return new TargetSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }
}
