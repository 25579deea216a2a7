package dev.reverie.gpu.dataset.published;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Small CIFAR files in the published format. Image i of a file has red i everywhere, green 100 in its first row and 0
 * below, blue 200.
 */
final class CifarFixture {

    static final List<String> TEN =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    static final List<String> HUNDRED =
            IntStream.range(0, 100).mapToObj(i -> "thing_" + i).toList();

    private static final int PLANE = 32 * 32;

    private CifarFixture() {}

    /** Two images in each of five files, which cover all ten classes, and four test images. */
    static Map<String, byte[]> tenBinary() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("cifar-10-batches-bin/data_batch_1.bin", records(1, 0, 1));
        files.put("cifar-10-batches-bin/batches.meta.txt", lines(TEN));
        files.put("cifar-10-batches-bin/data_batch_3.bin", records(1, 4, 5));
        files.put("cifar-10-batches-bin/data_batch_2.bin", records(1, 2, 3));
        files.put("cifar-10-batches-bin/data_batch_5.bin", records(1, 8, 9));
        files.put("cifar-10-batches-bin/data_batch_4.bin", records(1, 6, 7));
        files.put("cifar-10-batches-bin/readme.html", new byte[] {'<'});
        files.put("cifar-10-batches-bin/test_batch.bin", records(1, 9, 0, 9, 0));
        return files;
    }

    /** The same images as pickles of Python 2. */
    static Map<String, byte[]> tenPickled() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 5; i++) {
            files.put("cifar-10-batches-py/data_batch_" + (i + 1), pickled("labels", 2 * i, 2 * i + 1));
        }
        files.put("cifar-10-batches-py/test_batch", pickled("labels", 9, 0, 9, 0));
        files.put("cifar-10-batches-py/batches.meta", PythonTwo.meta("label_names", TEN));
        return files;
    }

    /** One image per class with coarse label 7, and two test images. */
    static Map<String, byte[]> hundredBinary() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("cifar-100-binary/coarse_label_names.txt", lines(List.of("things")));
        files.put("cifar-100-binary/fine_label_names.txt", lines(HUNDRED));
        files.put("cifar-100-binary/test.bin", records(2, 99, 50));
        files.put(
                "cifar-100-binary/train.bin", records(2, IntStream.range(0, 100).toArray()));
        return files;
    }

    /** The same images as pickles of Python 2. */
    static Map<String, byte[]> hundredPickled() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(
                "cifar-100-python/train",
                pickled("fine_labels", IntStream.range(0, 100).toArray()));
        files.put("cifar-100-python/test", pickled("fine_labels", 99, 50));
        files.put("cifar-100-python/meta", PythonTwo.meta("fine_label_names", HUNDRED));
        return files;
    }

    static byte[] records(int labelBytes, int... labels) {
        byte[] records = new byte[labels.length * (labelBytes + 3 * PLANE)];
        for (int i = 0; i < labels.length; i++) {
            int at = i * (labelBytes + 3 * PLANE);
            records[at] = 7;
            records[at + labelBytes - 1] = (byte) labels[i];
            System.arraycopy(image(i), 0, records, at + labelBytes, 3 * PLANE);
        }
        return records;
    }

    static byte[] pickled(String labelsKey, int... labels) {
        byte[] data = new byte[labels.length * 3 * PLANE];
        for (int i = 0; i < labels.length; i++) {
            System.arraycopy(image(i), 0, data, i * 3 * PLANE, 3 * PLANE);
        }
        return PythonTwo.batch(labelsKey, IntStream.of(labels).boxed().toList(), data);
    }

    private static byte[] image(int index) {
        byte[] image = new byte[3 * PLANE];
        Arrays.fill(image, 0, PLANE, (byte) index);
        Arrays.fill(image, PLANE, PLANE + 32, (byte) 100);
        Arrays.fill(image, 2 * PLANE, 3 * PLANE, (byte) 200);
        return image;
    }

    private static byte[] lines(List<String> names) {
        return names.stream().collect(Collectors.joining("\n", "", "\n\n")).getBytes(StandardCharsets.UTF_8);
    }

    static void unpack(Map<String, byte[]> files, Path folder) {
        files.forEach((path, content) -> write(folder.resolve(path), content));
    }

    static void pack(Map<String, byte[]> files, Path archive) {
        write(archive, Archives.tarGz(files));
    }

    static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
