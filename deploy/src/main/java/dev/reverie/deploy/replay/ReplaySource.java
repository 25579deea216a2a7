package dev.reverie.deploy.replay;

import dev.reverie.client.Samples;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.folder.FolderFiles;
import dev.reverie.gpu.dataset.folder.PictureFile;
import java.util.List;
import java.util.Optional;

/** The training images that a replay sends. */
public sealed interface ReplaySource {

    /** Names of the classes, by class index. */
    List<String> classNames();

    /** Class index of each training image. */
    List<Integer> classes();

    /** Size of an image as it is sent. */
    long bytes(int place);

    /** Maximum size of the images of a delivery that has several. */
    int maxBytes();

    /**
     * Images of one shape, which are sent together as an array. An image has the same id in every replay, whichever
     * classes are replayed, so that a service counts it only once.
     *
     * @param ids ids of the training images, for example {@code fashion-mnist/train/Sandal/123} for the 124th sandal;
     *     empty for a folder, where the number of an image changes when files are added: a service compares images
     *     without ids by their pixels
     */
    record Arrays(Dataset dataset, Optional<List<String>> ids) implements ReplaySource {

        /** Half of the default limit on the size of a delivery. */
        private static final int MAX_BYTES = 4 << 20;

        public Arrays {
            ids = ids.map(List::copyOf);
        }

        public static Arrays of(Dataset dataset) {
            return new Arrays(dataset, dataset.isFolder() ? Optional.empty() : Optional.of(ids(dataset)));
        }

        private static List<String> ids(Dataset dataset) {
            int[] before = new int[dataset.classes()];
            return dataset.train().stream()
                    .map(LabelledImage::label)
                    .map(label ->
                            dataset.name() + "/train/" + dataset.classNames().get(label) + "/" + before[label]++)
                    .toList();
        }

        @Override
        public List<String> classNames() {
            return dataset.classNames();
        }

        @Override
        public List<Integer> classes() {
            return dataset.train().stream().map(LabelledImage::label).toList();
        }

        @Override
        public long bytes(int place) {
            return dataset.shape().size();
        }

        @Override
        public int maxBytes() {
            return MAX_BYTES;
        }

        /**
         * Reads images.
         *
         * @throws dev.reverie.gpu.dataset.DatasetException if one of them is missing or damaged
         */
        Samples samples(List<Integer> places) {
            List<LabelledImage> images =
                    places.stream().map(dataset.train()::get).toList();
            Samples samples = ImageSamples.of(
                    images.stream().map(LabelledImage::image).toList(),
                    images.stream()
                            .map(image -> dataset.classNames().get(image.label()))
                            .toList());
            return ids.map(all -> samples.withIds(places.stream().map(all::get).toList()))
                    .orElse(samples);
        }
    }

    /**
     * Pictures of any size, which are sent as they are.
     *
     * @param isStrict whether the first picture that is refused or cannot be read ends the replay
     */
    record Pictures(FolderFiles files, boolean isStrict) implements ReplaySource {

        /** A larger picture is sent alone, because a line of JSON is limited more than a picture. */
        private static final int MAX_BYTES = 2 << 20;

        @Override
        public List<String> classNames() {
            return files.classNames();
        }

        @Override
        public List<Integer> classes() {
            return files.train().stream().map(PictureFile::label).toList();
        }

        @Override
        public long bytes(int place) {
            return files.train().get(place).bytes();
        }

        @Override
        public int maxBytes() {
            return MAX_BYTES;
        }

        String labelOf(int place) {
            return files.classNames().get(files.train().get(place).label());
        }
    }
}
