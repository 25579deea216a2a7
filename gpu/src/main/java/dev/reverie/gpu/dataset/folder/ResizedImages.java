package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.Resizing;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Checksum;

/**
 * Pictures that are decoded and resized when they are first needed, and come from the cache afterwards.
 *
 * @param files the pictures; their places in the cache follow their order, training pictures first
 */
record ResizedImages(FolderFiles files, Resizing resizing, ImageCache cache) {

    /** Images that decide the number of channels and the normalisation. */
    private static final int SAMPLE = 2000;

    /** Heap for decoding one picture: the largest take about 200 MB. */
    private static final long BYTES_PER_PICTURE = 1L << 29;

    /** Limits the number of pictures that are decoded at the same time by the size of the heap. */
    private static final Semaphore DECODING =
            new Semaphore(Math.toIntExact(1 + Runtime.getRuntime().maxMemory() / BYTES_PER_PICTURE));

    /**
     * Returns the images as a dataset. The dataset is RGB if any image of a sample is, and its normalisation is that of
     * the sample's training images. The sample has up to 2,000 images, evenly spaced over the files. Images outside the
     * sample are converted to grey or colour accordingly.
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

    /** Returns an image with as many channels as its file has. */
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
