package dev.reverie.gpu.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The size to which images are resized: sides of 1 to 1,024 pixels. */
public record TargetSize(int width, int height) {

    private static final int LARGEST = 1024;
    private static final Pattern FORM = Pattern.compile("([0-9]{1,4})x([0-9]{1,4})");

    public TargetSize {
        if (width < 1 || width > LARGEST || height < 1 || height > LARGEST) {
            throw new DatasetException("images cannot be resized to " + width + "x" + height
                    + " pixels: choose a size from 1x1 to " + LARGEST + "x" + LARGEST);
        }
    }

    /**
     * Parses a size such as {@code 64x48}, width first.
     *
     * @throws DatasetException if the text has another form, or the size is out of range
     */
    public static TargetSize parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new DatasetException("'" + text + "' is not a size: write WIDTHxHEIGHT, for example 64x48");
        }
        return new TargetSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    public boolean fits(ImageShape shape) {
        return shape.width() == width && shape.height() == height;
    }

    /** Returns the size in bytes of an image of this size with the given number of channels, one byte per value. */
    public int bytes(int channels) {
        return channels * width * height;
    }

    /** Formats the size as {@code 64x48}, width first. */
    @Override
    public String toString() {
        return width + "x" + height;
    }
}
