package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.PixelLimits;
import dev.reverie.gpu.dataset.Resizing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A folder of pictures as a dataset, laid out as {@code train/CLASS/*} and {@code test/CLASS/*} (or {@code val},
 * {@code valid} or {@code validation}), or as {@code CLASS/*}, where a hash of the path decides which pictures are test
 * images. Pictures of one size are read into memory. Pictures that are resized are read on demand, so that the folder
 * can be larger than memory.
 *
 * @param classes names of the classes to read, in their order; all, sorted by name, if empty
 * @param resizing how pictures are resized; if empty, all must have the same size
 * @param testShare share of the images that become test images, in [0, 1), for a folder without any; 0.1 if empty
 * @param leftOut counts what is left out, at the start or when it is needed
 */
public record FolderDataset(
        Path root, List<String> classes, Optional<Resizing> resizing, Optional<Double> testShare, LeftOut leftOut) {

    private static final double DEFAULT_TEST_SHARE = 0.1;

    /** Maximum size of all pictures of one size, which are in memory together. */
    private static final long MAX_BYTES = 1L << 30;

    /** Maximum number of pixels of a picture that is not resized, 2,048 x 2,048. */
    private static final PixelLimits WHOLE = PixelLimits.whole(1L << 22);

    public FolderDataset {
        classes = List.copyOf(classes);
    }

    /**
     * Lists the pictures, and reads those that it needs.
     *
     * @param home where resized images are cached
     * @throws DatasetException if a folder is missing, no class has images, or pictures that are not resized differ in
     *     size or take more than 1 GiB
     */
    public Dataset load(String name, DataHome home, LoadProgress progress) {
        FolderFiles files = files(progress);
        return resizing.map(to ->
                        new ResizedImages(this, files, to, ImageCache.open(home, this, to)).toDataset(name, progress))
                .orElseGet(() -> readAll(name, files, progress));
    }

    /**
     * Lists the pictures, and reads none.
     *
     * @throws DatasetException if a folder is missing, or no class has images
     */
    public FolderFiles files(LoadProgress progress) {
        return FolderFiles.of(this, progress);
    }

    boolean includes(String className) {
        return classes.isEmpty() || classes.contains(className);
    }

    double shareOfTest() {
        return testShare.orElse(DEFAULT_TEST_SHARE);
    }

    /**
     * Reads pictures of one size, and leaves out those that it cannot read. The dataset is grey if every picture is
     * grey, otherwise RGB.
     */
    private Dataset readAll(String name, FolderFiles files, LoadProgress progress) {
        List<PictureFile> pictures = files.all();
        List<LabelledImage> train = new ArrayList<>();
        List<LabelledImage> test = new ArrayList<>();
        int channels = 1;
        for (int place = 0; place < pictures.size(); place++) {
            PictureFile picture = pictures.get(place);
            Optional<Image> image = readable(picture);
            if (image.isPresent()) {
                (place < files.train().size() ? train : test).add(new LabelledImage(image.get(), picture.label()));
                ImageShape shape = image.get().shape();
                requireSize((train.isEmpty() ? test : train).getFirst().image().shape(), shape, picture);
                channels = Math.max(channels, shape.channels());
                requireMemory((long) (train.size() + test.size()) * shape.planeSize() * channels, picture);
            }
            progress.read(place + 1, pictures.size());
        }
        Set<Integer> unreadable =
                new HashSet<>(files.train().stream().map(PictureFile::label).toList());
        train.forEach(sample -> unreadable.remove(sample.label()));
        List<Integer> readable = readableClasses(files, unreadable);
        List<LabelledImage> trained = withChannels(train, channels);
        ImageShape shape = trained.getFirst().image().shape();
        Normalisation normalisation = Normalisation.of(
                shape, trained.stream().map(LabelledImage::image).toList());
        return new Dataset(name, shape, files.classNames(), normalisation, trained, withChannels(test, channels))
                .of(readable);
    }

    private Optional<Image> readable(PictureFile picture) {
        try {
            return Optional.of(picture.read(WHOLE));
        } catch (DatasetException e) {
            leftOut.picture(e.getMessage());
            return Optional.empty();
        }
    }

    private static List<LabelledImage> withChannels(List<LabelledImage> samples, int channels) {
        return samples.stream()
                .map(sample -> new LabelledImage(sample.image().withChannels(channels), sample.label()))
                .toList();
    }

    private static void requireMemory(long bytes, PictureFile last) {
        if (bytes > MAX_BYTES) {
            throw new DatasetException("the images up to " + last.path() + " take more than " + (MAX_BYTES >> 20)
                    + " MiB of memory: read them on demand with --resize WxH, which can name the size that they have");
        }
    }

    private static void requireSize(ImageShape common, ImageShape shape, PictureFile picture) {
        if (shape.height() != common.height() || shape.width() != common.width()) {
            throw new DatasetException(picture.path() + " is " + shape.width() + "x" + shape.height()
                    + " pixels (width x height), but the images before it are " + common.width() + "x" + common.height()
                    + ": bring all images to one size with --resize WxH");
        }
    }

    /**
     * Returns all classes but those that cannot be read, which are left out.
     *
     * @throws DatasetException if no class is left
     */
    List<Integer> readableClasses(FolderFiles files, Set<Integer> unreadable) {
        unreadable.forEach(label -> leftOut.emptyClass(files.classNames().get(label)));
        List<Integer> readable = IntStream.range(0, files.classNames().size())
                .filter(label -> !unreadable.contains(label))
                .boxed()
                .toList();
        if (readable.isEmpty()) {
            throw new DatasetException("no image to train with can be read; for example, "
                    + leftOut.summary().first().getFirst());
        }
        return readable;
    }
}
