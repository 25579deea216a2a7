package dev.reverie.gpu.dataset;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Draws many images as one picture: one row per class, ordered by class index and labelled with the name of the class,
 * which is shortened if it is long. Images are enlarged by an integer factor without smoothing, so that every pixel
 * stays a sharp square. Values outside [0, 1] are clamped. Only the first classes, and the first images of a class, are
 * drawn if all of them would make the picture larger than a viewer can open.
 */
public final class ImageGrid {

    private static final int CELL = 72;
    private static final int MAX_ROW = 2800;
    private static final int MAX_COLUMN = 20_000;
    private static final int MAX_WIDTH = 20_000;
    private static final int GAP = 4;
    private static final int MARGIN = 16;
    private static final int LABEL_GAP = 12;
    private static final int MAX_LABEL = 300;
    private static final int FONT_SIZE = 15;
    private static final int BYTES_PER_PIXEL = Integer.BYTES;
    private static final Color BACKGROUND = new Color(0x14161b);
    private static final Color INK = new Color(0xc9ced8);

    private final ImageBatch images;
    private final ClassList classes;
    private final TreeMap<Integer, List<Integer>> rows = new TreeMap<>();
    private final int columns;
    private int scale;

    private ImageGrid(ImageBatch images, List<Integer> labels, ClassList classes, long maxPixels) {
        this.images = images;
        this.classes = classes;
        for (int i = 0; i < labels.size(); i++) {
            rows.computeIfAbsent(labels.get(i), _ -> new ArrayList<>()).add(i);
        }
        int larger = Math.max(images.shape().height(), images.shape().width());
        int preferred = Math.ceilDiv(CELL, larger);
        long fitting = Math.min(MAX_ROW / ((long) longestRow() * larger), (MAX_COLUMN / rows.size() - GAP) / larger);
        this.scale = Math.clamp(fitting, 1, preferred);
        while (scale > 1 && width(longestRow()) * height() > maxPixels) {
            scale--;
        }
        while (rows.size() > 1 && height() > MAX_COLUMN + 2 * MARGIN) {
            rows.pollLastEntry();
        }
        long width = Math.min(MAX_WIDTH, maxPixels / height()) - width(0);
        this.columns = Math.clamp(width / columnWidth(), 1, longestRow());
    }

    private int longestRow() {
        return rows.values().stream().mapToInt(List::size).max().orElseThrow();
    }

    private int columnWidth() {
        return images.shape().width() * scale + GAP;
    }

    private int rowHeight() {
        return images.shape().height() * scale + GAP;
    }

    /** Returns the maximum width of the picture in pixels. */
    private long width(int ofColumns) {
        return 2 * MARGIN + MAX_LABEL + LABEL_GAP + (long) ofColumns * columnWidth();
    }

    private long height() {
        return 2 * MARGIN + (long) rows.size() * rowHeight();
    }

    /**
     * Lays out {@code images} by class.
     *
     * @param maxPixels maximum number of pixels of the picture, which one image of each class may exceed
     * @throws IllegalArgumentException if there are no images, labels and images differ in number, a label is not the
     *     index of a class, or the number of channels is neither 1 nor 3
     */
    public static ImageGrid of(ImageBatch images, List<Integer> labels, ClassList classes, long maxPixels) {
        int channels = images.shape().channels();
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("an image must have 1 or 3 channels, got " + channels);
        }
        if (labels.isEmpty() || labels.size() != images.count()) {
            throw new IllegalArgumentException("a grid needs at least one image and one label per image, got "
                    + images.count() + " and " + labels.size());
        }
        labels.stream().filter(label -> !classes.contains(label)).findFirst().ifPresent(label -> {
            throw new IllegalArgumentException("label " + label + " has no class name");
        });
        return new ImageGrid(images, labels, classes, maxPixels);
    }

    /** Lays out the stored images of {@code set} in at most {@code maxPixels}, as {@link #of} does. */
    public static ImageGrid ofStored(DistilledSet set, long maxPixels) {
        return of(set.parameters(), set.parameterLabels(), set.classes(), maxPixels);
    }

    /**
     * Writes the picture as PNG to {@code file}, replacing an existing file.
     *
     * @throws IOException if {@code file} cannot be written; an existing file is then unchanged
     */
    public void writePng(Path file) throws IOException {
        BufferedImage picture = render();
        AtomicFile.write(file, out -> write(picture, out));
    }

    /** Writes the picture as PNG to {@code out}, which stays open. */
    public void writePng(OutputStream out) throws IOException {
        write(render(), out);
    }

    static void write(BufferedImage picture, OutputStream out) throws IOException {
        try (MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(picture, "png", png);
        }
    }

    /** Returns the maximum size of the drawn picture in bytes, without compression. */
    public long bytes() {
        return BYTES_PER_PIXEL * width(columns) * height();
    }

    public BufferedImage render() {
        int cellWidth = images.shape().width() * scale;
        int cellHeight = images.shape().height() * scale;
        Optional<Font> font = font(rowHeight());
        int labelWidth = font.map(this::labelWidth).orElse(0);
        int left = labelWidth == 0 ? MARGIN : MARGIN + labelWidth + LABEL_GAP;
        BufferedImage picture = new BufferedImage(
                left + columns * columnWidth() - GAP + MARGIN,
                2 * MARGIN + rows.size() * rowHeight() - GAP,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(BACKGROUND);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        int top = MARGIN;
        for (var row : rows.entrySet()) {
            int middle = top + cellHeight / 2;
            font.ifPresent(it -> drawLabel(graphics, it, classes.nameOf(row.getKey()), left - LABEL_GAP, middle));
            int x = left;
            for (int image : shown(row.getValue())) {
                graphics.drawImage(ImageStrip.picture(images, image), x, top, cellWidth, cellHeight, null);
                x += columnWidth();
            }
            top += rowHeight();
        }
        graphics.dispose();
        return picture;
    }

    private List<Integer> shown(List<Integer> row) {
        return row.subList(0, Math.min(columns, row.size()));
    }

    /** Returns the font of the labels; empty on a machine without fonts, where rows are not labelled. */
    private static Optional<Font> font(int rowHeight) {
        try {
            Font font = new Font(Font.SANS_SERIF, Font.PLAIN, Math.min(FONT_SIZE, rowHeight));
            font.getStringBounds(
                    "x",
                    new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
                            .createGraphics()
                            .getFontRenderContext());
            return Optional.of(font);
        } catch (RuntimeException
                | InternalError
                | LinkageError _) { // the kind of error depends on which font library is missing
            return Optional.empty();
        }
    }

    private int labelWidth(Font font) {
        FontMetrics metrics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
                .createGraphics()
                .getFontMetrics(font);
        return rows.keySet().stream()
                .mapToInt(label -> metrics.stringWidth(shortened(classes.nameOf(label), metrics)))
                .max()
                .orElse(0);
    }

    private static void drawLabel(Graphics2D graphics, Font font, String name, int right, int middle) {
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setFont(font);
        graphics.setColor(INK);
        FontMetrics metrics = graphics.getFontMetrics();
        int baseline = middle + (metrics.getAscent() - metrics.getDescent()) / 2;
        String label = shortened(name, metrics);
        graphics.drawString(label, right - metrics.stringWidth(label), baseline);
    }

    /** Shortens a name, by as little as possible, so that it fits into the column of the labels. */
    private static String shortened(String name, FontMetrics metrics) {
        if (metrics.stringWidth(name) <= MAX_LABEL) {
            return name;
        }
        int fitting = 0;
        int tooLong = name.codePointCount(0, name.length());
        while (tooLong - fitting > 1) {
            int middle = (fitting + tooLong) / 2;
            if (metrics.stringWidth(beginning(name, middle)) <= MAX_LABEL) {
                fitting = middle;
            } else {
                tooLong = middle;
            }
        }
        return beginning(name, fitting);
    }

    private static String beginning(String name, int codePoints) {
        return name.substring(0, name.offsetByCodePoints(0, codePoints)) + "…";
    }
}
