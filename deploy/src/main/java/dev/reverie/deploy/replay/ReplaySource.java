package dev.reverie.deploy.replay;

import dev.reverie.client.Samples;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.folder.FolderFiles;
import dev.reverie.gpu.dataset.folder.PictureFile;
import java.util.List;

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

    /** Images of one shape, which are sent together as an array. */
    record Arrays(Dataset dataset, SampleNames names) implements ReplaySource {

        /** Half of the default limit on the size of a delivery. */
        private static final int MAX_BYTES = 4 << 20;

        public static Arrays of(Dataset dataset) {
            return new Arrays(dataset, SampleNames.of(dataset));
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
                            .map(image -> names.labels().get(image.label()))
                            .toList());
            return names.ids()
                    .map(ids -> samples.withIds(places.stream().map(ids::get).toList()))
                    .orElse(samples);
        }
    }

    /**
     * Pictures of any size, which are sent as they are.
     *
     * @param labels labels by class index
     */
    record Pictures(FolderFiles files, List<String> labels) implements ReplaySource {

        /** A larger picture is sent alone, because a line of JSON is limited more than a picture. */
        private static final int MAX_BYTES = 2 << 20;

        public Pictures {
            labels = List.copyOf(labels);
        }

        public static Pictures of(FolderFiles files) {
            return new Pictures(files, SampleNames.labels(files.classNames()));
        }

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
            return labels.get(files.train().get(place).label());
        }
    }
}
