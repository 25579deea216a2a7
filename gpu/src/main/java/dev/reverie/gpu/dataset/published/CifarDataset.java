package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.function.IOBiConsumer;

/**
 * <a href="https://www.cs.toronto.edu/~kriz/cifar.html">CIFAR-10 and CIFAR-100</a>, in their binary and Python
 * versions.
 *
 * @param imagesPerFile number of images in each published file of training images; no file may have more
 * @param versions published versions, in order of preference
 */
record CifarDataset(String name, int classes, int imagesPerFile, List<CifarVersion> versions)
        implements PublishedDataset {

    static final CifarDataset CIFAR_10 = new CifarDataset(
            "cifar10",
            10,
            10_000,
            List.of(
                    new CifarVersion(
                            "cifar-10-binary.tar.gz",
                            "cifar-10-batches-bin",
                            batches("data_batch_%d.bin"),
                            "test_batch.bin",
                            "batches.meta.txt",
                            new CifarFormat.Binary(1)),
                    new CifarVersion(
                            "cifar-10-python.tar.gz",
                            "cifar-10-batches-py",
                            batches("data_batch_%d"),
                            "test_batch",
                            "batches.meta",
                            new CifarFormat.Pickled("labels", "label_names"))));

    static final CifarDataset CIFAR_100 = new CifarDataset(
            "cifar100",
            100,
            50_000,
            List.of(
                    new CifarVersion(
                            "cifar-100-binary.tar.gz",
                            "cifar-100-binary",
                            List.of("train.bin"),
                            "test.bin",
                            "fine_label_names.txt",
                            new CifarFormat.Binary(2)),
                    new CifarVersion(
                            "cifar-100-python.tar.gz",
                            "cifar-100-python",
                            List.of("train"),
                            "test",
                            "meta",
                            new CifarFormat.Pickled("fine_labels", "fine_label_names"))));

    /** Statistics of CIFAR-10. IDC and DREAM use them for CIFAR-100 as well, so results are comparable. */
    private static final Normalisation NORMALISATION =
            new Normalisation(List.of(0.4914, 0.4822, 0.4465), List.of(0.2023, 0.1994, 0.2010));

    CifarDataset {
        versions = List.copyOf(versions);
    }

    private static List<String> batches(String pattern) {
        return IntStream.rangeClosed(1, 5).mapToObj(pattern::formatted).toList();
    }

    @Override
    public boolean isIn(Path directory) {
        return versions.stream().anyMatch(version -> version.in(directory).isPresent());
    }

    @Override
    public Dataset load(Path directory) {
        for (CifarVersion version : versions) {
            Optional<Path> where = version.in(directory);
            if (where.isPresent()) {
                return load(version, where.get());
            }
        }
        List<String> archives = versions.stream().map(CifarVersion::archive).toList();
        throw missing(String.join(" (or ", archives) + ", or its folder)", directory);
    }

    /** Collects the content of the files, which an archive can contain in any order. */
    private Dataset load(CifarVersion version, Path where) {
        List<String> classNames = new ArrayList<>();
        Map<String, List<LabelledImage>> images = new HashMap<>();
        version.visit(where, (file, content) -> {
            if (file.equals(version.names())) {
                classNames.addAll(version.format().classNames(content));
            } else {
                images.put(file, images(version.format(), content));
            }
        });
        if (classNames.size() != classes) {
            throw new DatasetException(version.names() + " in " + where + " names " + classNames.size()
                    + " classes, but " + name + " has " + classes + DatasetException.FETCH_AGAIN);
        }
        Stream.concat(version.train().stream(), Stream.of(version.test()))
                .filter(file -> !images.containsKey(file))
                .findFirst()
                .ifPresent(file -> {
                    throw new DatasetException(
                            where + " is incomplete: it does not contain " + file + DatasetException.FETCH_AGAIN);
                });
        List<LabelledImage> train = version.train().stream()
                .flatMap(file -> images.getOrDefault(file, List.of()).stream())
                .toList();
        List<LabelledImage> test = images.getOrDefault(version.test(), List.of());
        return new Dataset(name, CifarFormat.SHAPE, classNames, NORMALISATION, train, test);
    }

    private List<LabelledImage> images(CifarFormat format, InputStream content) throws IOException {
        List<LabelledImage> read = new ArrayList<>();
        format.read(content, (label, pixels, offset) -> {
            PublishedDataset.requireLabel(label, read.size(), classes);
            if (read.size() == imagesPerFile) {
                throw new FileFormatException("has more images than the " + imagesPerFile + " that were published");
            }
            Image image = Image.of(CifarFormat.SHAPE, pixels, offset, CifarFormat.SHAPE.size());
            read.add(new LabelledImage(image, label));
        });
        return read;
    }

    /** A published version of CIFAR: an archive, packed or unpacked, that contains a single folder. */
    private record CifarVersion(
            String archive, String folder, List<String> train, String test, String names, CifarFormat format) {

        CifarVersion {
            train = List.copyOf(train);
        }

        Optional<Path> in(Path place) {
            return PublishedDataset.find(place, archive, folder, train.getFirst());
        }

        /**
         * Passes the name of each existing file of this version, without folders, and its content to {@code visitor},
         * in archive order if {@code where} is the archive.
         */
        void visit(Path where, IOBiConsumer<String, InputStream> visitor) {
            if (Files.isDirectory(where)) {
                files().map(where::resolve).filter(Files::isRegularFile).forEach(file -> visitFile(file, visitor));
                return;
            }
            Set<String> seen = new HashSet<>();
            TarGz.read(where, (path, content) -> {
                String name = path.substring(path.lastIndexOf('/') + 1);
                if (files().noneMatch(name::equals)) {
                    return;
                }
                if (!seen.add(name)) {
                    throw new DatasetException(where + " has more than one " + name
                            + "; it is not the published archive" + DatasetException.FETCH_AGAIN);
                }
                visit(name, path + " in " + where, content, visitor);
            });
        }

        private Stream<String> files() {
            return Stream.concat(train.stream(), Stream.of(test, names));
        }

        private static void visitFile(Path file, IOBiConsumer<String, InputStream> visitor) {
            try (InputStream content = new BufferedInputStream(Files.newInputStream(file))) {
                visit(String.valueOf(file.getFileName()), file.toString(), content, visitor);
            } catch (IOException e) {
                throw DatasetException.unreadable(file, e);
            }
        }

        private static void visit(
                String name, String description, InputStream content, IOBiConsumer<String, InputStream> visitor)
                throws IOException {
            try {
                visitor.accept(name, content);
            } catch (FileFormatException e) {
                throw PublishedDataset.refused(description, e);
            }
        }
    }
}
