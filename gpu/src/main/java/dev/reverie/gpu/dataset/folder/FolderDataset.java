package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.Resizing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A folder of pictures as a dataset, laid out as {@code train/CLASS/*} and {@code test/CLASS/*} (or {@code val} instead
 * of {@code test}). Pictures of one size are read into memory. Pictures that are resized are read on demand, so that
 * the folder can be larger than memory.
 *
 * @param root the folder that contains {@code train}
 * @param classes names of the classes to read, in their order; all, sorted by name, if empty
 * @param resizing how pictures are resized; if empty, all must have the same size
 */
public record FolderDataset(Path root, List<String> classes, Optional<Resizing> resizing) {

    /** Maximum size of all pictures of one size, which are in memory together. */
    private static final long MAX_BYTES = 1L << 30;

    /** Maximum number of pixels of a picture that is not resized, 2,048 x 2,048. */
    private static final long MAX_PIXELS = 1L << 22;

    public FolderDataset {
        classes = List.copyOf(classes);
    }

    /**
     * Lists the pictures, and reads those that it needs.
     *
     * @param home where resized images are cached
     * @throws DatasetException if a folder is missing or empty, a file that is read is not a valid PNG or JPEG, or
     *     pictures that are not resized differ in size or take more than 1 GiB
     */
    public Dataset load(String name, DataHome home, LoadProgress progress) {
        FolderFiles files = FolderFiles.of(root, classes, progress);
        return resizing.map(
                        to -> new ResizedImages(files, to, ImageCache.open(home, this, to)).toDataset(name, progress))
                .orElseGet(() -> readAll(name, files, progress));
    }

    /** Reads pictures of one size. The dataset is grey if every picture is grey, otherwise RGB. */
    private static Dataset readAll(String name, FolderFiles files, LoadProgress progress) {
        List<PictureFile> pictures =
                Stream.concat(files.train().stream(), files.test().stream()).toList();
        List<Image> images = new ArrayList<>();
        int channels = 1;
        for (PictureFile picture : pictures) {
            Image image = picture.read(MAX_PIXELS);
            images.add(image);
            requireSize(images.getFirst().shape(), image.shape(), picture);
            channels = Math.max(channels, image.shape().channels());
            if ((long) images.size() * image.shape().planeSize() * channels > MAX_BYTES) {
                throw new DatasetException("the images up to " + picture.path() + " take more than " + (MAX_BYTES >> 20)
                        + " MiB of memory: read them on demand with --resize WxH, which can name the size that they"
                        + " have");
            }
            progress.read(images.size(), pictures.size());
        }
        int common = channels;
        images.replaceAll(image -> image.withChannels(common));
        List<LabelledImage> samples = IntStream.range(0, images.size())
                .mapToObj(i -> new LabelledImage(images.get(i), pictures.get(i).label()))
                .toList();
        int train = files.train().size();
        ImageShape shape = images.getFirst().shape();
        return new Dataset(
                name,
                shape,
                files.classNames(),
                Normalisation.of(shape, images.subList(0, train)),
                samples.subList(0, train),
                samples.subList(train, samples.size()));
    }

    private static void requireSize(ImageShape common, ImageShape shape, PictureFile picture) {
        if (shape.height() != common.height() || shape.width() != common.width()) {
            throw new DatasetException(picture.path() + " is " + shape.width() + "x" + shape.height()
                    + " pixels (width x height), but the images before it are " + common.width() + "x" + common.height()
                    + ": bring all images to one size with --resize WxH");
        }
    }
}
