package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.PixelLimits;
import dev.reverie.gpu.dataset.Resizing;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.Checksum;

/**
 * Pictures that are decoded and resized when they are first needed, and come from the cache afterwards. The next
 * readable picture of its class stands in for one that cannot be read, which is left out in this way. Thread safe.
 */
final class ResizedImages {

    /** Images that decide the number of channels and the normalisation. */
    private static final int SAMPLE = 2000;

    /** Heap for decoding one picture: the largest take about 200 MB. */
    private static final long BYTES_PER_PICTURE = 1L << 29;

    /** Limits the number of pictures that are decoded at the same time by the size of the heap. */
    private static final Semaphore DECODING =
            new Semaphore(Math.toIntExact(1 + Runtime.getRuntime().maxMemory() / BYTES_PER_PICTURE));

    private final FolderDataset folder;
    private final FolderFiles files;
    /** The pictures by their places in the cache, training pictures first. */
    private final List<PictureFile> all;

    private final Resizing resizing;
    private final ImageCache cache;
    /** The places of pictures that were left out, and whether they are damaged: others may be readable again. */
    private final Map<Integer, Boolean> leftOut = new ConcurrentHashMap<>();

    ResizedImages(FolderDataset folder, FolderFiles files, Resizing resizing, ImageCache cache) {
        this.folder = folder;
        this.files = files;
        this.all = files.all();
        this.resizing = resizing;
        this.cache = cache;
    }

    /**
     * Returns the images as a dataset. The dataset is RGB if any image of a sample is, and its normalisation is that of
     * the sample's training images. The sample has up to 2,000 images, evenly spaced over the files. Images outside the
     * sample are converted to grey or colour accordingly.
     */
    Dataset toDataset(String name, LoadProgress progress) {
        int[] sample = evenlySpaced(all.size());
        Set<Integer> unreadable = ConcurrentHashMap.newKeySet();
        int channels = channels(sample, unreadable, progress);
        List<Integer> readable = folder.readableClasses(files, unreadable);
        ImageShape shape = new ImageShape(
                channels, resizing.size().height(), resizing.size().width());
        List<LabelledImage> images = IntStream.range(0, all.size())
                .mapToObj(place -> new LabelledImage(
                        Image.onDemand(shape, new Picture(this, place, shape)),
                        all.get(place).label()))
                .toList();
        int train = files.train().size();
        Normalisation normalisation = Normalisation.of(
                shape,
                IntStream.of(sample)
                        .filter(place -> place < train
                                && !unreadable.contains(all.get(place).label()))
                        .mapToObj(place -> images.get(place).image())
                        .toList());
        Dataset dataset = new Dataset(
                name,
                shape,
                files.classNames(),
                normalisation,
                images.subList(0, train),
                images.subList(train, images.size()));
        return readable.size() < dataset.classes() ? dataset.of(readable) : dataset;
    }

    /** Returns the most channels of an image of the sample, and adds the classes that cannot be read to a set. */
    private int channels(int[] sample, Set<Integer> unreadable, LoadProgress progress) {
        AtomicInteger done = new AtomicInteger();
        return IntStream.of(sample)
                .parallel()
                .map(place -> {
                    Optional<Image> image = readable(place);
                    if (image.isEmpty() && place < files.train().size()) {
                        unreadable.add(all.get(place).label());
                    }
                    synchronized (done) {
                        progress.read(done.incrementAndGet(), sample.length);
                    }
                    return image.map(each -> each.shape().channels()).orElse(1);
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

    /** Returns the picture at a place, or the next one of its class and of the same use that can be read. */
    private Optional<Image> readable(int place) {
        int train = files.train().size();
        int label = all.get(place).label();
        return IntStream.concat(IntStream.range(place, all.size()), IntStream.range(0, place))
                .filter(other -> all.get(other).label() == label && (other < train) == (place < train))
                .filter(other -> !leftOut.getOrDefault(other, false))
                .mapToObj(this::resized)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Returns the picture at a place; empty if it cannot be read, now or, if it is damaged, ever. */
    private Optional<Image> resized(int place) {
        PictureFile file = all.get(place);
        Optional<Image> cached = cache.get(place, file);
        if (cached.isPresent()) {
            return cached;
        }
        try {
            Image image = decoded(file);
            cache.put(place, file, image);
            return Optional.of(image);
        } catch (DatasetException e) {
            if (!leftOut.containsKey(place)) {
                folder.leftOut().picture(e.getMessage());
            }
            boolean mayBeAway = e.getCause() instanceof IOException cause && !(cause instanceof FileFormatException);
            leftOut.merge(place, !mayBeAway, Boolean::logicalOr);
            return Optional.empty();
        }
    }

    private Image decoded(PictureFile file) {
        DECODING.acquireUninterruptibly();
        try {
            return resizing.apply(file.read(PixelLimits.RESIZED));
        } finally {
            DECODING.release();
        }
    }

    private record Picture(ResizedImages images, int place, ImageShape shape) implements Image.Source {

        @Override
        public byte[] levels() {
            Image image = images.readable(place)
                    .orElseThrow(() -> new DatasetException(file().path() + " and the other images of its class cannot"
                            + " be read: replace them, or leave the class out"));
            byte[] levels = new byte[shape.size()];
            image.withChannels(shape.channels()).levels().get(levels);
            return levels;
        }

        @Override
        public void addTo(Checksum checksum) {
            file().addTo(checksum);
        }

        private PictureFile file() {
            return images.all.get(place);
        }
    }
}
