package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageDecoder;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.StrictUtf8;
import dev.reverie.gpu.dataset.archive.FileTree;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The folder layout of Tiny-ImageNet: {@code wnids.txt}, {@code words.txt}, {@code train} and {@code val}. */
final class TinyImageNetFiles {

    private static final int MAX_TEXT_BYTES = 1 << 24;
    private static final int MAX_PICTURE_BYTES = 1 << 20;
    private static final int MAX_CLASSES = 1000;
    private static final String VALIDATION = "val/images";
    private static final String ANNOTATIONS = "val/val_annotations.txt";

    private final FileTree files;
    private final String root;
    private final List<String> ids;
    private final Map<String, Integer> annotations;

    private TinyImageNetFiles(FileTree files, String root, List<String> ids, Map<String, Integer> annotations) {
        this.files = files;
        this.root = root;
        this.ids = ids;
        this.annotations = annotations;
    }

    /**
     * Reads the lists of classes and labels.
     *
     * @param root folder in {@code files} that contains the layout; empty, or ends with a slash
     * @throws DatasetException if a list is missing or malformed
     */
    static TinyImageNetFiles in(FileTree files, String root) {
        List<String> ids = lines(files, root + "wnids.txt").map(String::strip).toList();
        if (ids.isEmpty() || ids.size() > MAX_CLASSES || new HashSet<>(ids).size() < ids.size()) {
            throw new DatasetException(files.describe(root + "wnids.txt") + " is damaged: it lists " + ids.size()
                    + " classes instead of 1 to " + MAX_CLASSES + " different ones" + DatasetException.FETCH_AGAIN);
        }
        ids.forEach(id -> requirePlain(id, files.describe(root + "wnids.txt")));
        return new TinyImageNetFiles(files, root, ids, annotations(files, root, ids));
    }

    private static Map<String, Integer> annotations(FileTree files, String root, List<String> ids) {
        String path = root + ANNOTATIONS;
        Map<String, Integer> labels = new HashMap<>();
        lines(files, path).forEach(line -> {
            String[] fields = line.split("\t", -1);
            int label = fields.length < 2 ? -1 : ids.indexOf(fields[1]);
            if (label < 0) {
                throw new DatasetException(files.describe(path) + " is damaged: its line " + (labels.size() + 1)
                        + " does not name an image and a class" + DatasetException.FETCH_AGAIN);
            }
            labels.put(fields[0], label);
        });
        return labels;
    }

    private static Stream<String> lines(FileTree files, String path) {
        try {
            return StrictUtf8.decode(files.content(path, MAX_TEXT_BYTES))
                    .lines()
                    .filter(line -> !line.isBlank());
        } catch (CharacterCodingException e) {
            throw DatasetErrors.notText(files.describe(path), e);
        }
    }

    /** Checks a class id that was read from a file, before the id becomes part of a path. */
    private static void requirePlain(String id, String file) {
        if (!id.matches("[A-Za-z0-9_-]{1,40}")) {
            throw new DatasetException(
                    file + " is damaged: it lists a class that is not a WordNet id" + DatasetException.FETCH_AGAIN);
        }
    }

    /** Counts the training and validation images. */
    long images() {
        return files.names(root + VALIDATION).size()
                + ids.stream().mapToLong(id -> files.names(folderOf(id)).size()).sum();
    }

    /**
     * Returns the WordNet names of the classes by index: the first synonym of each class, or all its synonyms if
     * another class has the same first synonym.
     *
     * @throws DatasetException if a class has no name
     */
    List<String> classNames() {
        Map<String, String> words = new HashMap<>();
        lines(files, root + "words.txt").forEach(line -> {
            int tab = line.indexOf('\t');
            words.put(
                    line.substring(0, Math.max(0, tab)), line.substring(tab + 1).strip());
        });
        List<String> all = ids.stream()
                .map(id -> Optional.ofNullable(words.get(id))
                        .orElseThrow(() -> new DatasetException(files.describe(root + "words.txt")
                                + " is damaged: it has no name for the class " + id + DatasetException.FETCH_AGAIN)))
                .toList();
        Map<String, Long> shared =
                all.stream().collect(Collectors.groupingBy(TinyImageNetFiles::first, Collectors.counting()));
        return all.stream()
                .map(name -> shared.getOrDefault(first(name), 0L) > 1 ? name : first(name))
                .toList();
    }

    private static String first(String words) {
        return words.split(",", 2)[0].strip();
    }

    /** Reads the training images, class by class. */
    List<LabelledImage> train() {
        List<LabelledImage> images = new ArrayList<>();
        for (int label = 0; label < ids.size(); label++) {
            String folder = folderOf(ids.get(label));
            List<String> names = files.names(folder);
            if (names.isEmpty()) {
                throw new DatasetException(files.describe(folder) + " has no images, so tiny-imagenet is incomplete"
                        + DatasetException.FETCH_AGAIN);
            }
            images.addAll(pictures(folder, names, Collections.nCopies(names.size(), label)));
        }
        return images;
    }

    /** Reads the validation images, in the order of their names. */
    List<LabelledImage> validation() {
        List<String> names = files.names(root + VALIDATION);
        if (names.isEmpty()) {
            throw new DatasetException(files.describe(root + VALIDATION)
                    + " has no images, so tiny-imagenet is incomplete" + DatasetException.FETCH_AGAIN);
        }
        List<Integer> labels = names.stream()
                .map(name -> Optional.ofNullable(annotations.get(name))
                        .orElseThrow(() -> new DatasetException(files.describe(root + ANNOTATIONS)
                                + " is damaged: it has no label for " + name + DatasetException.FETCH_AGAIN)))
                .toList();
        return pictures(root + VALIDATION, names, labels);
    }

    private String folderOf(String id) {
        return root + "train/" + id + "/images";
    }

    /** Decodes in parallel, because decoding takes most of the time. */
    private List<LabelledImage> pictures(String folder, List<String> names, List<Integer> labels) {
        return IntStream.range(0, names.size())
                .parallel()
                .mapToObj(i -> new LabelledImage(picture(folder + "/" + names.get(i)), labels.get(i)))
                .toList();
    }

    private Image picture(String path) {
        byte[] content = files.content(path, MAX_PICTURE_BYTES);
        Image image = ImageDecoder.decode(content, files.describe(path), TinyImageNet.SHAPE.planeSize())
                .inColour();
        if (!image.shape().equals(TinyImageNet.SHAPE)) {
            throw new DatasetException(files.describe(path) + " has shape " + image.shape() + " instead of "
                    + TinyImageNet.SHAPE + DatasetException.FETCH_AGAIN);
        }
        return image;
    }
}
