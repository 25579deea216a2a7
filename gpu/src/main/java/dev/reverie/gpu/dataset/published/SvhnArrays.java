package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.matlab.MatArray;
import dev.reverie.gpu.dataset.matlab.MatFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads the images {@code X} and labels {@code y} of an SVHN file, one image at a time. */
final class SvhnArrays implements MatFile.Visitor {

    static final ImageShape SHAPE = new ImageShape(3, 32, 32);

    /** Above the 73,257 images of the larger file, so that a damaged size does not fill the memory. */
    private static final int MAX_IMAGES = 100_000;

    private static final int DIGITS = 10;

    private Optional<List<Image>> images = Optional.empty();
    private Optional<List<Integer>> labels = Optional.empty();

    @Override
    public void accept(MatArray array) throws IOException {
        switch (array.name()) {
            case "X" -> images = Optional.of(images(array));
            case "y" -> labels = Optional.of(labels(array));
            default -> {}
        }
    }

    /** Returns the images with their labels. */
    List<LabelledImage> samples() throws FileFormatException {
        List<Image> pictures =
                images.orElseThrow(() -> new FileFormatException("is a MAT-file without the array 'X' of images"));
        List<Integer> digits =
                labels.orElseThrow(() -> new FileFormatException("is a MAT-file without the array 'y' of labels"));
        if (pictures.size() != digits.size()) {
            throw new FileFormatException("contains " + pictures.size() + " images but " + digits.size() + " labels");
        }
        return IntStream.range(0, digits.size())
                .mapToObj(i -> new LabelledImage(pictures.get(i), digits.get(i)))
                .toList();
    }

    private static List<Image> images(MatArray array) throws IOException {
        List<Integer> sizes = array.dimensions();
        List<Integer> single = List.of(SHAPE.height(), SHAPE.width(), SHAPE.channels());
        boolean one = sizes.equals(single); // MATLAB drops a trailing dimension of 1
        if (!array.holdsBytes()
                || (!one && !(sizes.size() == 4 && sizes.subList(0, 3).equals(single)))) {
            throw new FileFormatException(
                    "has the array 'X' of shape " + sizes + "; expected bytes of shape [32, 32, 3, N]");
        }
        int count = requirePublished(one ? 1 : sizes.getLast(), "images");
        List<Image> images = new ArrayList<>();
        byte[] columns = new byte[SHAPE.size()];
        for (int i = 0; i < count; i++) {
            array.bytes(columns);
            images.add(Image.of(SHAPE, byRow(columns)));
        }
        return images;
    }

    /** Converts a channel-first image from MATLAB's column-major order to row-major order. */
    private static byte[] byRow(byte[] columns) {
        int plane = SHAPE.planeSize();
        byte[] rows = new byte[columns.length];
        for (int i = 0; i < rows.length; i++) {
            int row = i % plane / SHAPE.width();
            int column = i % SHAPE.width();
            rows[i] = columns[i / plane * plane + column * SHAPE.height() + row];
        }
        return rows;
    }

    private static List<Integer> labels(MatArray array) throws IOException {
        List<Integer> sizes = array.dimensions();
        long count = sizes.stream().mapToLong(Integer::longValue).max().orElse(0);
        if (sizes.stream().filter(size -> size > 1).count() > 1) {
            throw new FileFormatException("has the array 'y' of shape " + sizes + "; expected one label per image");
        }
        requirePublished(count, "labels");
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double label = array.next();
            if (!(label >= 1 && label <= DIGITS && label == (int) label)) {
                throw new FileFormatException("is damaged or of another dataset: label " + label + " at position " + i
                        + ", but the labels are 1 to 9, and 10 for the digit 0");
            }
            labels.add((int) label % DIGITS);
        }
        return labels;
    }

    private static int requirePublished(long count, String what) throws FileFormatException {
        if (count > MAX_IMAGES) {
            throw new FileFormatException("has " + count + " " + what + ", more than the published files");
        }
        return (int) count;
    }
}
