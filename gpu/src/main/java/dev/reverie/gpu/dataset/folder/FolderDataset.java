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
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Checksum;

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
        FolderFiles files = files(progress);
        return resizing.map(
                        to -> new ResizedImages(files, to, ImageCache.open(home, this, to)).toDataset(name, progress))
                .orElseGet(() -> readAll(name, files, progress));
    }

    /**
     * Lists the pictures, and reads none.
     *
     * @throws DatasetException if a folder is missing or empty, or has a file whose name is not that of a PNG or JPEG
     */
    public FolderFiles files(LoadProgress progress) {
        return FolderFiles.of(root, classes, progress);
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

    /**
     * Pictures that are decoded and resized when they are first needed, and come from the cache afterwards.
     *
     * @param files the pictures; their places in the cache follow their order, training pictures first
     */
    private record ResizedImages(FolderFiles files, Resizing resizing, ImageCache cache) {

        /** Images that decide the number of channels and the normalisation. */
        private static final int SAMPLE = 2000;

        /** Heap for decoding one picture: the largest take about 200 MB. */
        private static final long BYTES_PER_PICTURE = 1L << 29;

        /** Limits the number of pictures that are decoded at the same time by the size of the heap. */
        private static final Semaphore DECODING =
                new Semaphore(Math.toIntExact(1 + Runtime.getRuntime().maxMemory() / BYTES_PER_PICTURE));

        /**
         * Returns the images as a dataset. The dataset is RGB if any image of a sample is, and its normalisation is
         * that of the sample's training images. The sample has up to 2,000 images, evenly spaced over the files. Images
         * outside the sample are converted to grey or colour accordingly.
         */
        Dataset toDataset(String name, LoadProgress progress) {
            List<PictureFile> all =
                    Stream.concat(files.train().stream(), files.test().stream()).toList();
            int[] sample = evenlySpaced(all.size());
            int channels = channels(sample, all, progress);
            ImageShape shape = new ImageShape(
                    channels, resizing.size().height(), resizing.size().width());
            List<LabelledImage> train = onDemand(files.train(), 0, shape);
            List<LabelledImage> test = onDemand(files.test(), train.size(), shape);
            Normalisation normalisation = Normalisation.of(
                    shape,
                    IntStream.of(sample)
                            .filter(place -> place < train.size())
                            .mapToObj(place -> train.get(place).image())
                            .toList());
            return new Dataset(name, shape, files.classNames(), normalisation, train, test);
        }

        private int channels(int[] sample, List<PictureFile> all, LoadProgress progress) {
            AtomicInteger done = new AtomicInteger();
            return IntStream.of(sample)
                    .parallel()
                    .map(place -> {
                        int channels = resized(all.get(place), place).shape().channels();
                        synchronized (done) {
                            progress.read(done.incrementAndGet(), sample.length);
                        }
                        return channels;
                    })
                    .max()
                    .orElseThrow();
        }

        private static int[] evenlySpaced(int count) {
            int sample = Math.min(count, SAMPLE);
            return IntStream.range(0, sample)
                    .map(i -> (int) ((long) i * count / sample))
                    .toArray();
        }

        private List<LabelledImage> onDemand(List<PictureFile> pictures, int firstPlace, ImageShape shape) {
            return IntStream.range(0, pictures.size())
                    .mapToObj(i -> new LabelledImage(
                            Image.onDemand(shape, new Picture(pictures.get(i), firstPlace + i, shape.channels())),
                            pictures.get(i).label()))
                    .toList();
        }

        private Image resized(PictureFile file, int place) {
            return cache.get(place, file).orElseGet(() -> {
                Image image = decoded(file);
                cache.put(place, file, image);
                return image;
            });
        }

        private Image decoded(PictureFile file) {
            DECODING.acquireUninterruptibly();
            try {
                return resizing.apply(file.read(Resizing.MAX_PIXELS));
            } finally {
                DECODING.release();
            }
        }

        private final class Picture implements Image.Source {
            private final PictureFile file;
            private final int place;
            private final int channels;

            private Picture(PictureFile file, int place, int channels) {
                this.file = file;
                this.place = place;
                this.channels = channels;
            }

            @Override
            public byte[] levels() {
                byte[] levels = new byte
                        [channels * resizing.size().height() * resizing.size().width()];
                resized(file, place).withChannels(channels).levels().get(levels);
                return levels;
            }

            @Override
            public void addTo(Checksum checksum) {
                file.addTo(checksum);
            }
        }
    }
}
