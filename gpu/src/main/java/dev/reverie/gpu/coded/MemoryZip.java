package dev.reverie.gpu.coded;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DataTooLargeException;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageDecoder;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.StoredSet;
import dev.reverie.npz.NpzArchive;
import dev.reverie.npz.NpzWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The file of a memory as pictures: a zip of {@code memory.json} and a picture of each class, not compressed further.
 * Everything that is read is checked, and its pictures are decoded without native code.
 */
public final class MemoryZip {

    /** The entry by which a file of pictures is recognised. */
    static final String DESCRIPTION = "memory.json";

    private static final int VERSION = 1;

    /** Maximum size of a file, and of what its entries contain together, in bytes. */
    private static final int MAX_BYTES = 1 << 28;

    /** Maximum number of pixels of a picture. */
    private static final int MAX_PIXELS = 1 << 26;

    private static final int MAX_FACTOR = 16;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .withConfigOverride(List.class, list -> list.setSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL)))
            .build();

    private MemoryZip() {}

    /**
     * A memory that was read.
     *
     * @param bytes size of the pictures
     */
    public record Content(StoredSet set, long bytes) {}

    /** The content of {@code memory.json}. */
    private record Description(
            int version,
            List<Integer> shape,
            int factor,
            List<Integer> cell,
            int quality,
            List<Double> mean,
            List<Double> std,
            List<ClassPicture> classes) {

        PictureLayout layout() {
            return new PictureLayout(
                    new ImageShape(shape.get(0), shape.get(1), shape.get(2)), cell.get(0), cell.get(1));
        }

        /** Returns what is wrong; empty if the pictures can be read. */
        Optional<String> defect() {
            if (version != VERSION) {
                return Optional.of("has version " + version + ", and this program reads " + VERSION);
            }
            boolean fits = shape.size() == 3
                    && cell.size() == 2
                    && Stream.concat(shape.stream(), cell.stream())
                            .allMatch(side -> side >= 1 && side <= PictureFormat.MAX_SIDE)
                    && cell.get(0) >= shape.get(2)
                    && cell.get(1) >= shape.get(1);
            if (!fits || factor < 1 || factor > MAX_FACTOR || classes.isEmpty()) {
                return Optional.of("has images of shape " + shape + " in cells of " + cell + ", the factor " + factor
                        + " and " + classes.size() + " classes, which do not fit together");
            }
            double images = classes.stream().mapToDouble(ClassPicture::images).sum();
            return images * shape.get(0) * shape.get(1) * shape.get(2) * factor * factor > NpzArchive.MAX_BYTES
                    ? Optional.of("decodes to more than the " + NpzArchive.MAX_BYTES + " bytes allowed")
                    : Optional.empty();
        }
    }

    /** A class in {@code memory.json}. */
    private record ClassPicture(String label, int index, String file, int images) {}

    /** Whether the file of a set can be one of pictures: it has no soft labels, and one or three channels. */
    public static boolean canHold(DistilledSet set) {
        return set.softLabels().isEmpty()
                && PictureLayout.canHold(set.parameters().shape());
    }

    /** Codes the stored images of each class of a set, and writes them to {@code out}, which stays open. */
    public static void write(DistilledSet set, Coding coding, OutputStream out) throws IOException {
        Map<Integer, List<Integer>> stored = new HashMap<>();
        for (int i = 0; i < set.parameterLabels().size(); i++) {
            stored.computeIfAbsent(set.parameterLabels().get(i), _ -> new ArrayList<>())
                    .add(i);
        }
        write(set, index -> coding.encode(set.parameters().pick(stored.getOrDefault(index, List.of()))), out);
    }

    /**
     * Writes a memory to {@code out}, which stays open.
     *
     * @param set describes the memory
     * @param coded returns the picture of the class with an index
     */
    public static void write(DistilledSet set, IntFunction<CodedImages> coded, OutputStream out) throws IOException {
        SortedMap<Integer, CodedImages> pictures = new TreeMap<>();
        set.parameterLabels().stream().distinct().forEach(index -> pictures.put(index, coded.apply(index)));
        ZipOutputStream zip = new ZipOutputStream(out);
        store(zip, DESCRIPTION, JSON.writeValueAsBytes(description(set, pictures)));
        for (var each : pictures.entrySet()) {
            store(zip, file(each.getKey(), each.getValue()), each.getValue().bytes());
        }
        zip.finish();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(NpzWriter.ENTRY_TIME);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static String file(int index, CodedImages picture) {
        return index + "." + picture.format().extension();
    }

    private static Description description(DistilledSet set, SortedMap<Integer, CodedImages> pictures) {
        CodedImages first = pictures.firstEntry().getValue();
        ImageShape shape = set.parameters().shape();
        return new Description(
                VERSION,
                List.of(shape.channels(), shape.height(), shape.width()),
                set.factor(),
                List.of(first.cellWidth(), first.cellHeight()),
                pictures.values().stream().mapToInt(CodedImages::quality).max().orElseThrow(),
                set.normalisation().mean(),
                set.normalisation().std(),
                pictures.entrySet().stream()
                        .map(each -> new ClassPicture(
                                set.classes().nameOf(each.getKey()),
                                each.getKey(),
                                file(each.getKey(), each.getValue()),
                                each.getValue().count()))
                        .toList());
    }

    /**
     * Reads a memory.
     *
     * @throws DatasetException if the file is missing, damaged, too large or not a memory
     */
    public static Content read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in.readNBytes(MAX_BYTES + 1), file.toString());
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a memory from the bytes of a file.
     *
     * @throws DatasetException if they are damaged, too many or not a memory
     */
    public static Content read(byte[] content, String name) {
        try {
            Map<String, byte[]> entries = entries(content, name);
            Description description = JSON.readValue(entry(entries, DESCRIPTION, name), Description.class);
            description.defect().ifPresent(defect -> {
                throw new DatasetException(name + " " + defect);
            });
            return content(description, entries, name);
        } catch (IOException | IllegalArgumentException e) {
            throw new DatasetException(name + " is damaged or no memory of pictures: " + e.getMessage(), e);
        }
    }

    private static Map<String, byte[]> entries(byte[] content, String name) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        int left = MAX_BYTES;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] bytes = zip.readNBytes(left + 1);
                left -= bytes.length;
                if (left < 0) {
                    throw new DataTooLargeException(
                            name + " has more than the " + MAX_BYTES + " bytes allowed: write fewer classes to a file");
                }
                entries.put(entry.getName(), bytes);
            }
        }
        return entries;
    }

    private static byte[] entry(Map<String, byte[]> entries, String entry, String name) {
        return Optional.ofNullable(entries.get(entry))
                .orElseThrow(() -> new DatasetException(name + " has no entry " + entry));
    }

    private static Content content(Description description, Map<String, byte[]> entries, String name) {
        PictureLayout layout = description.layout();
        SortedMap<Integer, String> names = new TreeMap<>();
        List<ImageBatch> batches = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        long bytes = 0;
        for (ClassPicture each : description.classes()) {
            if (each.images() < 1 || names.put(each.index(), each.label()) != null) {
                throw new DatasetException(
                        name + " has no images of the class " + each.index() + ", or names it twice");
            }
            byte[] picture = entry(entries, each.file(), name);
            Image decoded = ImageDecoder.decode(picture, name + "/" + each.file(), MAX_PIXELS);
            batches.add(layout.read(decoded, each.images()));
            labels.addAll(Collections.nCopies(each.images(), each.index()));
            bytes += picture.length;
        }
        Normalisation normalisation = new Normalisation(description.mean(), description.std());
        ClassList classes = ClassList.of(names);
        return new Content(
                new StoredSet(ImageBatch.join(batches), labels, description.factor(), normalisation, classes), bytes);
    }
}
