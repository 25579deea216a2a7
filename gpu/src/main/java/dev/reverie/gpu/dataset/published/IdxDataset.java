package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.function.IOFunction;

/**
 * A dataset published as four IDX files, each with a magic number, the sizes of the dimensions as big-endian 32-bit
 * integers, and unsigned bytes. Memory use grows with the actual data, not with the sizes in the header.
 *
 * @param normalisation the mean and standard deviation commonly used for this dataset, so that results are comparable
 */
record IdxDataset(String name, ImageShape shape, List<String> classNames, Normalisation normalisation)
        implements PublishedDataset {

    static final IdxDataset FASHION_MNIST = new IdxDataset(
            "fashion-mnist",
            new ImageShape(1, 28, 28),
            List.of(
                    "T-shirt/top",
                    "Trouser",
                    "Pullover",
                    "Dress",
                    "Coat",
                    "Sandal",
                    "Shirt",
                    "Sneaker",
                    "Bag",
                    "Ankle boot"),
            new Normalisation(List.of(0.2861), List.of(0.3530)));

    static final IdxDataset MNIST = new IdxDataset(
            "mnist",
            new ImageShape(1, 28, 28),
            PublishedDataset.digits(),
            new Normalisation(List.of(0.1307), List.of(0.3081)));

    /** The magic number of unsigned bytes without the number of dimensions. */
    private static final int UNSIGNED_BYTES = 0x0800;

    private static final long MAX_BYTES = 1L << 30;

    @Override
    public boolean isIn(Path directory) {
        return Stream.of(MnistFile.values()).allMatch(file -> file.in(directory).isPresent());
    }

    @Override
    public Dataset load(Path directory) {
        List<LabelledImage> train = split(directory, MnistFile.TRAIN_IMAGES, MnistFile.TRAIN_LABELS);
        List<LabelledImage> test = split(directory, MnistFile.TEST_IMAGES, MnistFile.TEST_LABELS);
        return new Dataset(name, shape, classNames, normalisation, train, test);
    }

    private List<LabelledImage> split(Path directory, MnistFile imageFile, MnistFile labelFile) {
        Path imagePath = locate(imageFile, directory);
        Path labelPath = locate(labelFile, directory);
        List<Integer> labels = labels(labelPath, classNames.size());
        List<Image> images = images(imagePath, shape);
        if (images.size() != labels.size()) {
            throw new DatasetException(
                    imagePath + " contains " + images.size() + " images but " + labelPath + " contains " + labels.size()
                            + " labels, so they do not belong together" + DatasetException.FETCH_AGAIN);
        }
        return IntStream.range(0, images.size())
                .mapToObj(i -> new LabelledImage(images.get(i), labels.get(i)))
                .toList();
    }

    private Path locate(MnistFile file, Path directory) {
        return file.in(directory).orElseThrow(() -> missing(file.fileName() + " (or .gz)", directory));
    }

    static List<Integer> labels(Path file, int classes) {
        return read(file, in -> {
            byte[] values = values(in, "label");
            List<Integer> labels = new ArrayList<>(values.length);
            for (int i = 0; i < values.length; i++) {
                int label = Byte.toUnsignedInt(values[i]);
                PublishedDataset.requireLabel(label, i, classes);
                labels.add(label);
            }
            return labels;
        });
    }

    static List<Image> images(Path file, ImageShape shape) {
        return read(file, in -> {
            byte[] values = values(in, "image", shape.height(), shape.width());
            int size = shape.size();
            return IntStream.range(0, values.length / size)
                    .mapToObj(i -> Image.of(shape, values, i * size, size))
                    .toList();
        });
    }

    private static <T> T read(Path file, IOFunction<DataInputStream, T> body) {
        try (DataInputStream in = new DataInputStream(MnistFile.open(file))) {
            return body.apply(in);
        } catch (EOFException _) {
            throw PublishedDataset.refused(file.toString(), new FileFormatException("is truncated"));
        } catch (FileFormatException e) {
            throw PublishedDataset.refused(file.toString(), e);
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }

    /** Reads the values of all items, each of which is a single one or has the given sides. */
    private static byte[] values(DataInputStream in, String item, int... sides) throws IOException {
        int magic = UNSIGNED_BYTES + 1 + sides.length;
        int found = in.readInt();
        if (found != magic) {
            throw new FileFormatException("is not an IDX %s file, because it begins with 0x%08x instead of 0x%08x"
                    .formatted(item, found, magic));
        }
        long count = Integer.toUnsignedLong(in.readInt());
        long bytes = count;
        for (int side : sides) {
            int actual = in.readInt();
            if (actual != side) {
                throw new FileFormatException(
                        "has images with a side of " + actual + " pixels where " + side + " are expected");
            }
            bytes *= side;
        }
        if (bytes == 0 || bytes > MAX_BYTES) {
            throw new FileFormatException("is damaged: its header declares " + count + " " + item + "s");
        }
        byte[] values = in.readNBytes((int) bytes);
        if (values.length < bytes) {
            throw new EOFException();
        }
        if (in.read() >= 0) {
            throw new FileFormatException(
                    "is damaged: data follows the " + count + " " + item + "s that its header declares");
        }
        return values;
    }
}
