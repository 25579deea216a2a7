package dev.reverie.gpu.dataset;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzArchive;
import dev.reverie.npz.NpzException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads the sets that the programs of DC, DSA, DM and MTT write with {@code torch.save}, as PyTorch does since version
 * 1.6: a zip of a pickle, which describes tensors, and of their items. The first two tensors are the images and their
 * labels; DC, DSA and DM write those of several experiments. MTT writes images and labels to files of their own.
 */
public final class TorchFile {

    private static final String PICKLE = "data.pkl";

    /** What a file begins with that a version before 1.6 wrote, which is no zip: its pickled magic number. */
    private static final byte[] BEFORE_ZIP = HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e");

    private static final byte[] BIG_ENDIAN = {'b', 'i', 'g'};

    private static final int MAX_PICKLE_BYTES = 1 << 20;

    private TorchFile() {}

    /** Whether a zip with these entries is a file of PyTorch. */
    public static boolean matches(Set<String> entries) {
        return entries.stream().anyMatch(TorchFile::isPickle);
    }

    private static boolean isPickle(String entry) {
        return entry.endsWith("/" + PICKLE);
    }

    /**
     * Reads a set.
     *
     * @throws DatasetException if the file is damaged, refers to anything but tensors, or has no images and labels
     */
    public static DistilledSet read(Path file) {
        List<NpyArray> arrays = new ArrayList<>(arrays(file));
        Path labels = file.resolveSibling(file.getFileName().toString().replaceFirst("images(_zca)?", "labels"));
        if (arrays.size() == 1 && !labels.equals(file) && Files.exists(labels)) {
            arrays.addAll(arrays(labels));
        }
        if (arrays.size() != 2) {
            throw new DatasetException(file + " has no tensors of images and of their labels: save both, with"
                    + " torch.save((images, labels), file)");
        }
        arrays.sort(Comparator.comparing(array -> -array.shape().size()));
        return NpzFile.read(
                NpzArchive.of(file.toString(), Map.of("images", arrays.getFirst(), "labels", arrays.getLast())));
    }

    /**
     * Requires that a file is not one of a version before 1.6.
     *
     * @throws DatasetException if it is, or cannot be read
     */
    public static void requireZip(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            if (Arrays.equals(in.readNBytes(BEFORE_ZIP.length), BEFORE_ZIP)) {
                throw new DatasetException(file + " is in the format of PyTorch before 1.6: save it again with a newer"
                        + " version, with torch.save(torch.load(file), file)");
            }
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }

    private static List<NpyArray> arrays(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry pickle = zip.stream()
                    .filter(entry -> isPickle(entry.getName()))
                    .findFirst()
                    .orElseThrow(() -> new FileFormatException("is no file of PyTorch"));
            String folder = pickle.getName().substring(0, pickle.getName().length() - PICKLE.length());
            List<NpyArray> arrays = new ArrayList<>();
            for (TorchPickle.Tensor tensor : TorchPickle.tensors(content(zip, pickle, MAX_PICKLE_BYTES), 2)) {
                arrays.add(array(zip, folder, tensor));
            }
            return arrays;
        } catch (FileFormatException | NpzException e) {
            throw new DatasetException(file + " " + e.getMessage(), e);
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }

    private static NpyArray array(ZipFile zip, String folder, TorchPickle.Tensor tensor) throws IOException {
        ZipEntry entry = zip.getEntry(folder + "data/" + tensor.key());
        if (entry == null) {
            throw new FileFormatException("lacks the items of a tensor: save it again");
        }
        ZipEntry order = zip.getEntry(folder + "byteorder");
        boolean isBigEndian = order != null && Arrays.equals(content(zip, order, MAX_PICKLE_BYTES), BIG_ENDIAN);
        byte[] items = content(zip, entry, NpzArchive.MAX_BYTES);
        String type = (isBigEndian ? ">" : "<") + tensor.type();
        return NpyArray.of(type, tensor.shape(), items, tensor.offset());
    }

    private static byte[] content(ZipFile zip, ZipEntry entry, int most) throws IOException {
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
            byte[] content = in.readNBytes(most);
            if (in.read() >= 0) {
                throw new FileFormatException("has more than the " + most + " bytes allowed in " + entry.getName());
            }
            if (crc.getValue() != entry.getCrc()) {
                throw new FileFormatException("is damaged: a checksum does not match; get it again");
            }
            return content;
        }
    }
}
