package dev.reverie.client;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpyPixels;
import dev.reverie.npz.NpzArchive;
import dev.reverie.npz.NpzException;
import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Synthetic images with their labels: a batch, or a whole memory. Immutable; each call returns a new array. */
public final class MemoryImages {

    /** The arrays that a client reads: not the stored images, for example. */
    private static final Set<String> ARRAYS =
            Set.of("images", "labels", "mean", "std", "class_index", "class_names", "label_values");

    /**
     * Maximum size of the arrays that are read, and of the others; a damaged file could otherwise fill the memory of
     * the process, or occupy it for long.
     */
    private static final int MAX_BYTES = 1 << 30;

    private static final int DIMENSIONS = 4;
    private static final int BYTE = 0xff;
    private static final float LARGEST = 255;

    private final ImageShape shape;
    private final byte[] pixels;
    private final int[] classIndices;
    private final Map<Integer, MemoryClass> classes;
    private final float[] mean;
    private final float[] std;
    /** The positions of the images of each class, by its label. */
    private final Map<String, int[]> positions = new LinkedHashMap<>();

    private MemoryImages(
            ImageShape shape,
            byte[] pixels,
            int[] classIndices,
            Map<Integer, MemoryClass> classes,
            float[] mean,
            float[] std) {
        this.shape = shape;
        this.pixels = pixels;
        this.classIndices = classIndices;
        this.classes = classes;
        this.mean = mean;
        this.std = std;
        Map<String, List<Integer>> byClass = new LinkedHashMap<>();
        for (int i = 0; i < classIndices.length; i++) {
            byClass.computeIfAbsent(label(i), _ -> new ArrayList<>()).add(i);
        }
        byClass.forEach((label, of) ->
                positions.put(label, of.stream().mapToInt(Integer::intValue).toArray()));
    }

    /**
     * A class of the memory.
     *
     * @param number the label as an integer, or the index of the class if the label of any class is not an integer
     */
    private record MemoryClass(String label, long number) {}

    static MemoryImages read(byte[] npz) throws IOException {
        NpzArchive file = NpzArchive.unpackOnly(npz, "the file", ARRAYS, MAX_BYTES);
        int[] classIndices = indices(file, "labels");
        Map<Integer, MemoryClass> classes = classes(file);
        float[] mean = file.get("mean", NpyArray::toFloats);
        float[] std = file.get("std", NpyArray::toFloats);
        List<Integer> size = file.get("images", NpyArray::shape);
        if (size.size() != DIMENSIONS || size.contains(0) || size.getFirst() != classIndices.length) {
            throw new NpzException(
                    "its images of shape " + size + " do not fit its " + classIndices.length + " labels");
        }
        ImageShape shape = new ImageShape(size.get(1), size.get(2), size.get(3));
        if (mean.length != shape.channels() || std.length != shape.channels()) {
            throw new NpzException("it does not have one mean and one standard deviation per channel");
        }
        if (!Arrays.stream(classIndices).allMatch(classes::containsKey)) {
            throw new NpzException("it has images of an unknown class");
        }
        byte[] levels = file.get("images", array -> new NpyPixels(array, shape.size()).levels());
        return new MemoryImages(shape, levels, classIndices, classes, mean, std);
    }

    /** Reads the classes by their index, in the order of the file. */
    private static Map<Integer, MemoryClass> classes(NpzArchive file) throws IOException {
        int[] indices = indices(file, "class_index");
        List<String> labels = file.get("class_names", NpyArray::toTexts);
        long[] numbers = file.find("label_values", NpyArray::toLongs)
                .orElseGet(() -> Arrays.stream(indices).asLongStream().toArray());
        if (labels.size() != indices.length || numbers.length != indices.length) {
            throw new NpzException("its classes, names and label values differ in number");
        }
        Map<Integer, MemoryClass> classes = new LinkedHashMap<>();
        for (int i = 0; i < indices.length; i++) {
            classes.put(indices[i], new MemoryClass(labels.get(i), numbers[i]));
        }
        if (classes.size() != indices.length) {
            throw new NpzException("two of its classes have the same index");
        }
        if (Arrays.stream(numbers).distinct().count() != numbers.length) {
            throw new NpzException("two of its classes have the same label value");
        }
        return classes;
    }

    private static int[] indices(NpzArchive file, String array) throws IOException {
        return file.get(array, found -> found.toIntegers(0, Integer.MAX_VALUE)).stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    public int size() {
        return classIndices.length;
    }

    public ImageShape shape() {
        return shape;
    }

    /** Returns all images as unsigned bytes, [n, C, H, W]. */
    public byte[] pixels() {
        return pixels.clone();
    }

    /** Returns all images as values in [0, 1] that are not normalised, [n, C, H, W]. */
    public float[] values() {
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (pixels[i] & BYTE) / LARGEST;
        }
        return values;
    }

    /**
     * Returns the label of each image: the integers that were sent, or the class indices if the label of any class is
     * not an integer.
     */
    public long[] labels() {
        return Arrays.stream(classIndices)
                .mapToLong(index -> classOf(index).number())
                .toArray();
    }

    /** Returns the label of the class for each number that {@link #labels} can contain. */
    public Map<Long, String> names() {
        Map<Long, String> names = new LinkedHashMap<>();
        classes.values().forEach(each -> names.put(each.number(), each.label()));
        return Collections.unmodifiableMap(names); // Map.copyOf would lose the order
    }

    /** Returns the index of the class of each image. An index is at least 0 and is never reused. */
    public int[] classIndices() {
        return classIndices.clone();
    }

    /** Returns the label of the class of the image at {@code position}. */
    public String label(int position) {
        return classOf(classIndices[position]).label();
    }

    private MemoryClass classOf(int index) {
        return Objects.requireNonNull(classes.get(index));
    }

    /** Returns the mean of each channel of the real images, in [0, 1]. */
    public float[] mean() {
        return mean.clone();
    }

    /** Returns the standard deviation of each channel of the real images. */
    public float[] std() {
        return std.clone();
    }

    /** Draws a batch that is balanced over the classes, and repeats no image before all of its class are drawn. */
    MemoryImages draw(BatchRequest request) throws ReverieException {
        List<String> labels = request.classes().isEmpty()
                ? List.copyOf(positions.keySet())
                : request.classes().stream()
                        .map(label ->
                                Normalizer.normalize(label, Normalizer.Form.NFC).strip())
                        .distinct()
                        .toList();
        for (String label : labels) {
            if (!positions.containsKey(label)) {
                throw ReverieException.Refused.unknownClass(label);
            }
        }
        RandomGenerator random = request.seed().isPresent()
                ? new SplittableRandom(request.seed().getAsLong())
                : ThreadLocalRandom.current();
        List<String> shuffled = new ArrayList<>(labels);
        Collections.shuffle(shuffled, random);
        int share = request.images() / shuffled.size();
        int more = request.images() % shuffled.size();
        int[] drawn = IntStream.range(0, shuffled.size())
                .flatMap(rank -> drawn(shuffled.get(rank), rank < more ? share + 1 : share, random))
                .toArray();
        shuffle(drawn, random);
        return pick(drawn);
    }

    private IntStream drawn(String label, int count, RandomGenerator random) {
        int[] own = positions.getOrDefault(label, new int[0]).clone();
        shuffle(own, random);
        return IntStream.range(0, count).map(i -> own[i % own.length]);
    }

    private static void shuffle(int[] values, RandomGenerator random) {
        for (int last = values.length - 1; last > 0; last--) {
            int other = random.nextInt(last + 1);
            int kept = values[last];
            values[last] = values[other];
            values[other] = kept;
        }
    }

    /** Returns the images at the given positions, with the same classes and statistics. */
    private MemoryImages pick(int[] chosen) {
        int size = shape.size();
        byte[] picked = new byte[Math.multiplyExact(chosen.length, size)];
        int[] indices = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(pixels, chosen[i] * size, picked, i * size, size);
            indices[i] = classIndices[chosen[i]];
        }
        return new MemoryImages(shape, picked, indices, classes, mean, std);
    }
}
