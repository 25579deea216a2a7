package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** <a href="http://ufldl.stanford.edu/housenumbers/">SVHN</a>: cropped digits in two MAT-files. */
record SvhnDataset() implements PublishedDataset {

    static final SvhnDataset SVHN = new SvhnDataset();

    private static final String TRAIN = "train_32x32.mat";
    private static final String TEST = "test_32x32.mat";
    private static final ImageShape SHAPE = new ImageShape(3, 32, 32);

    private static final Normalisation NORMALISATION =
            new Normalisation(List.of(0.4377, 0.4438, 0.4728), List.of(0.1980, 0.2010, 0.1970));

    /** Above the 73,257 images of the larger file, so that a damaged size does not fill the memory. */
    private static final int MAX_IMAGES = 100_000;

    private static final int DIGITS = 10;

    @Override
    public String name() {
        return "svhn";
    }

    @Override
    public boolean isIn(Path directory) {
        return Stream.of(TRAIN, TEST).map(directory::resolve).allMatch(Files::isRegularFile);
    }

    @Override
    public Dataset load(Path directory) {
        Path trainFile = locate(TRAIN, directory);
        Path testFile = locate(TEST, directory);
        return new Dataset(
                name(), SHAPE, PublishedDataset.digits(), NORMALISATION, samples(trainFile), samples(testFile));
    }

    private Path locate(String file, Path directory) {
        Path path = directory.resolve(file);
        if (!Files.isRegularFile(path)) {
            throw missing(file, directory);
        }
        return path;
    }

    private static List<LabelledImage> samples(Path file) {
        List<Image> images = new ArrayList<>();
        List<Integer> digits = new ArrayList<>();
        try (InputStream content = Files.newInputStream(file)) {
            MatFile.read(content, (name, dimensions, values) -> {
                switch (name) {
                    case "X" -> readImages(dimensions, values, images);
                    case "y" -> readDigits(values, digits);
                    default -> {}
                }
            });
            if (images.isEmpty() || images.size() != digits.size()) {
                throw new FileFormatException("contains " + images.size() + " images in the array 'X' but "
                        + digits.size() + " labels in the array 'y'");
            }
        } catch (FileFormatException e) {
            throw PublishedDataset.refused(file.toString(), e);
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
        return IntStream.range(0, digits.size())
                .mapToObj(i -> new LabelledImage(images.get(i), digits.get(i)))
                .toList();
    }

    private static void readImages(List<Integer> sizes, InputStream values, List<Image> images) throws IOException {
        if (sizes.size() < 3 || !sizes.subList(0, 3).equals(List.of(SHAPE.height(), SHAPE.width(), SHAPE.channels()))) {
            throw new FileFormatException("has the array 'X' of shape " + sizes + "; expected [32, 32, 3, N]");
        }
        for (byte[] next = values.readNBytes(SHAPE.size()); next.length > 0; next = values.readNBytes(SHAPE.size())) {
            if (next.length < SHAPE.size()) {
                throw new EOFException();
            }
            if (images.size() == MAX_IMAGES) {
                throw new FileFormatException("has more images than the published files");
            }
            images.add(Image.of(SHAPE, byRow(next)));
        }
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

    private static void readDigits(InputStream values, List<Integer> digits) throws IOException {
        byte[] labels = values.readNBytes(MAX_IMAGES);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 1 || labels[i] > DIGITS) {
                throw new FileFormatException("is damaged or of another dataset: label " + labels[i] + " at position "
                        + i + ", but the labels are 1 to 9, and 10 for the digit 0");
            }
            digits.add(labels[i] % DIGITS);
        }
    }
}
