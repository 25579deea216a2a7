package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DataTooLargeException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageDecoder;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.StrictUtf8;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * <a href="http://cs231n.stanford.edu/">Tiny-ImageNet</a>: JPEG files in one folder per class, either inside the
 * published zip archive or unpacked from it. As is usual, the validation images serve as test images, because the
 * labels of the test images were never published.
 */
record TinyImageNet(long heap) implements PublishedDataset {

    static final TinyImageNet TINY_IMAGENET =
            new TinyImageNet(Runtime.getRuntime().maxMemory());

    private static final ImageShape SHAPE = new ImageShape(3, 64, 64);

    private static final String ARCHIVE = "tiny-imagenet-200.zip";
    private static final String FOLDER = "tiny-imagenet-200";
    private static final String CLASSES = "wnids.txt";
    private static final int MAX_TEXT_BYTES = 1 << 24;
    private static final int MAX_PICTURE_BYTES = 1 << 20;
    private static final int MAX_CLASSES = 1000;

    /** The means and deviations of ImageNet. */
    static final Normalisation NORMALISATION =
            new Normalisation(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    @Override
    public String name() {
        return "tiny-imagenet";
    }

    @Override
    public boolean isIn(Path directory) {
        return PublishedDataset.find(directory, ARCHIVE, FOLDER, CLASSES).isPresent();
    }

    @Override
    public Dataset load(Path directory) {
        Path place = PublishedDataset.find(directory, ARCHIVE, FOLDER, CLASSES)
                .orElseThrow(() -> missing(ARCHIVE + " (or its folder)", directory));
        if (Files.isDirectory(place)) {
            return read(place);
        }
        try (FileSystem zip = FileSystems.newFileSystem(place)) {
            return read(zip.getPath(FOLDER));
        } catch (DatasetException e) {
            throw new DatasetException("in " + place + ": " + e.getMessage(), e);
        } catch (IOException | ProviderNotFoundException | IllegalArgumentException e) { // a path that is no text
            throw new DatasetException(
                    place + " is not a zip, or is damaged (" + e.getMessage() + ")" + DatasetException.FETCH_AGAIN, e);
        }
    }

    private Dataset read(Path root) {
        Layout files = Layout.in(root);
        requireHeap(files.images(), SHAPE, heap);
        return new Dataset(name(), SHAPE, files.classNames(), NORMALISATION, files.train(), files.validation());
    }

    /**
     * The folders and files: {@code wnids.txt}, {@code words.txt}, {@code train} and {@code val}.
     *
     * @param root the folder, on the disk or in a zip
     * @param ids the WordNet ids of the classes, by class index
     */
    private record Layout(Path root, List<String> ids) {

        Layout {
            ids = List.copyOf(ids);
        }

        static Layout in(Path root) {
            Path file = root.resolve(CLASSES);
            List<String> ids = lines(file).map(String::strip).toList();
            if (ids.isEmpty() || ids.size() > MAX_CLASSES || new HashSet<>(ids).size() < ids.size()) {
                throw damaged(
                        file, "it lists " + ids.size() + " classes instead of 1 to " + MAX_CLASSES + " different ones");
            }
            if (!ids.stream().allMatch(id -> id.matches("[A-Za-z0-9_-]{1,40}"))) { // each becomes part of a path
                throw damaged(file, "it lists a class that is not a WordNet id");
            }
            return new Layout(root, ids);
        }

        private static Stream<String> lines(Path file) {
            try {
                return StrictUtf8.decode(content(file, MAX_TEXT_BYTES)).lines().filter(line -> !line.isBlank());
            } catch (CharacterCodingException e) {
                throw DatasetException.unreadable(file, e);
            }
        }

        private static byte[] content(Path file, int limit) {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(limit);
                if (in.read() >= 0) {
                    throw new DataTooLargeException(file + " has more than " + limit
                            + " bytes, so it is not the published file" + DatasetException.FETCH_AGAIN);
                }
                return content;
            } catch (IOException e) {
                throw DatasetException.unreadable(file, e);
            }
        }

        private static DatasetException damaged(Path file, String what) {
            return new DatasetException(file + " is damaged: " + what + DatasetException.FETCH_AGAIN);
        }

        long images() {
            return Stream.concat(Stream.of(validationFolder()), ids.stream().map(this::folderOf))
                    .mapToLong(folder -> files(folder).size())
                    .sum();
        }

        /**
         * Returns the WordNet names of the classes by index: the first synonym of each class, or all its synonyms if
         * another class has the same first synonym.
         */
        List<String> classNames() {
            Path file = root.resolve("words.txt");
            Map<String, String> words = new HashMap<>();
            lines(file).forEach(line -> {
                int tab = line.indexOf('\t');
                words.put(
                        line.substring(0, Math.max(0, tab)),
                        line.substring(tab + 1).strip());
            });
            List<String> all = ids.stream()
                    .map(id -> Optional.ofNullable(words.get(id))
                            .orElseThrow(() -> damaged(file, "it has no name for the class " + id)))
                    .toList();
            Map<String, Long> shared =
                    all.stream().collect(Collectors.groupingBy(Layout::first, Collectors.counting()));
            return all.stream()
                    .map(name -> shared.getOrDefault(first(name), 0L) > 1 ? name : first(name))
                    .toList();
        }

        private static String first(String words) {
            return words.split(",", 2)[0].strip();
        }

        List<LabelledImage> train() {
            List<LabelledImage> images = new ArrayList<>();
            for (int label = 0; label < ids.size(); label++) {
                int own = label;
                images.addAll(pictures(folderOf(ids.get(label)), _ -> own));
            }
            return images;
        }

        /** Reads the validation images, in the order of their names. */
        List<LabelledImage> validation() {
            Path file = root.resolve("val").resolve("val_annotations.txt");
            Map<String, Integer> labels = new HashMap<>();
            lines(file).forEach(line -> {
                String[] fields = line.split("\t", -1);
                int label = fields.length < 2 ? -1 : ids.indexOf(fields[1]);
                if (label < 0) {
                    throw damaged(file, "its line " + (labels.size() + 1) + " does not name an image and a class");
                }
                labels.put(fields[0], label);
            });
            return pictures(validationFolder(), name -> Optional.ofNullable(labels.get(name))
                    .orElseThrow(() -> damaged(file, "it has no label for " + name)));
        }

        private Path validationFolder() {
            return root.resolve("val").resolve("images");
        }

        private Path folderOf(String id) {
            return root.resolve("train").resolve(id).resolve("images");
        }

        /** Decodes in parallel, because decoding takes most of the time. */
        private static List<LabelledImage> pictures(Path folder, ToIntFunction<String> labelOf) {
            List<Path> files = files(folder);
            if (files.isEmpty()) {
                throw new DatasetException(
                        folder + " has no images, so tiny-imagenet is incomplete" + DatasetException.FETCH_AGAIN);
            }
            return files.parallelStream()
                    .map(file -> new LabelledImage(picture(file), labelOf.applyAsInt(nameOf(file))))
                    .toList();
        }

        /** Lists the files of a folder by name; none if the folder does not exist. */
        private static List<Path> files(Path folder) {
            if (!Files.isDirectory(folder)) {
                return List.of();
            }
            try (Stream<Path> entries = Files.list(folder)) {
                return entries.filter(file ->
                                Files.isRegularFile(file) && !nameOf(file).startsWith("."))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw DatasetException.unreadable(folder, e);
            }
        }

        private static String nameOf(Path file) {
            return String.valueOf(file.getFileName());
        }

        private static Image picture(Path file) {
            byte[] content = content(file, MAX_PICTURE_BYTES);
            Image image = ImageDecoder.decode(content, file.toString(), SHAPE.planeSize())
                    .inColour();
            if (!image.shape().equals(SHAPE)) {
                throw new DatasetException(
                        file + " has shape " + image.shape() + " instead of " + SHAPE + DatasetException.FETCH_AGAIN);
            }
            return image;
        }
    }
}
