package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.published.MnistFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A published dataset with its files and sources.
 *
 * @param sources sources in the order in which they are tried
 */
record DatasetRelease(String dataset, List<ReleaseFile> files, List<Source> sources) {

    static final List<DatasetRelease> ALL = List.of(
            new DatasetRelease(
                    "fashion-mnist",
                    idx(
                            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
                    List.of(
                            new DebianPackage("dataset-fashion-mnist"),
                            publisher("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"))),
            new DatasetRelease(
                    "mnist",
                    idx(
                            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
                    List.of(
                            publisher("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                            publisher("https://storage.googleapis.com/cvdf-datasets/mnist/"))),
            new DatasetRelease(
                    "svhn",
                    List.of(
                            ReleaseFile.asPublished(
                                    "train_32x32.mat",
                                    182_040_794,
                                    "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8"),
                            ReleaseFile.asPublished(
                                    "test_32x32.mat",
                                    64_275_384,
                                    "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b")),
                    List.of(publisher("http://ufldl.stanford.edu/housenumbers/"))),
            archive(
                    "cifar10",
                    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                    170_052_171,
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
            archive(
                    "cifar100",
                    "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
                    168_513_733,
                    "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"),
            archive(
                    "tiny-imagenet",
                    "http://cs231n.stanford.edu/tiny-imagenet-200.zip",
                    248_100_043,
                    "6198c8ae015e2b3e007c7841da39ec069199b9aa3bfa943a462022fe5e43c821"),
            archive(
                    "imagenette",
                    "https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz",
                    99_003_388,
                    "64d0c4859f35a461889e0147755a999a48b49bf38a7e0f9bd27003f10db02fe5"));

    /** Where the files of a dataset can be had. */
    interface Source {

        /** Returns the name of the source for messages. */
        String name();

        /**
         * Gets a file, gzipped or not.
         *
         * @param workFolder a folder for downloads, the same one for all files; the caller deletes it
         * @param arrived is told now and then how many bytes of the file have arrived
         * @return where the file is in the folder
         * @throws IOException if the source cannot be reached or lacks the file; the message gives the reason
         */
        Path get(ReleaseFile file, Path workFolder, LongConsumer arrived) throws IOException;
    }

    DatasetRelease {
        files = List.copyOf(files);
        sources = List.copyOf(sources);
    }

    private static List<ReleaseFile> idx(String trainImages, String trainLabels, String testImages, String testLabels) {
        return List.of(
                ReleaseFile.of(MnistFile.TRAIN_IMAGES, 47_040_016, trainImages),
                ReleaseFile.of(MnistFile.TRAIN_LABELS, 60_008, trainLabels),
                ReleaseFile.of(MnistFile.TEST_IMAGES, 7_840_016, testImages),
                ReleaseFile.of(MnistFile.TEST_LABELS, 10_008, testLabels));
    }

    private static Source publisher(String folder) {
        return new PublisherSource(URI.create(folder));
    }

    /** A dataset that is a single file. */
    private static DatasetRelease archive(String dataset, String address, long bytes, String sha256) {
        int name = address.lastIndexOf('/') + 1;
        return new DatasetRelease(
                dataset,
                List.of(ReleaseFile.asPublished(address.substring(name), bytes, sha256)),
                List.of(publisher(address.substring(0, name))));
    }

    /** Returns the files that are missing in {@code directory}, or damaged. */
    List<ReleaseFile> missingIn(Path directory) {
        return files.stream().filter(file -> !file.isSoundIn(directory)).toList();
    }
}
