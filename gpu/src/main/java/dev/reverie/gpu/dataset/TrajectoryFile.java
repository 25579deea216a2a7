package dev.reverie.gpu.dataset;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpyType;
import dev.reverie.npz.NpzArchive;
import dev.reverie.npz.NpzWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.ZipException;

/**
 * Reads and writes an expert trajectory as an NPZ file, which NumPy loads with {@code numpy.load(path,
 * allow_pickle=False)}. Epochs can be read one at a time, and checksums are verified.
 *
 * <table>
 *   <caption>Arrays</caption>
 *   <tr><th>name</th><th>dtype, shape</th></tr>
 *   <tr><td>{@code format}</td><td>int64 scalar, 1</td></tr>
 *   <tr><td>{@code names}, {@code values}</td><td>unicode [k], properties of the network and its training data</td></tr>
 *   <tr><td>{@code lengths}</td><td>int64 [t], number of parameters in each tensor of the network</td></tr>
 *   <tr><td>{@code epoch_0}, {@code epoch_1}, ...</td><td>float32 [p], all parameters before the first epoch
 *       and after each epoch</td></tr>
 * </table>
 */
public record TrajectoryFile(Path path) {

    private static final int FORMAT = 1;

    /**
     * Writes the file, replacing an existing file as a whole or not at all.
     *
     * @param about properties of the network and its training data, by name
     * @param epochs the parameters before the first epoch and after each epoch, one array per tensor; at least one
     *     element
     */
    public void write(Map<String, String> about, List<List<float[]>> epochs) throws IOException {
        Map<String, String> sorted = new TreeMap<>(about);
        AtomicFile.write(path, out -> {
            NpzWriter npz = NpzWriter.stored(out);
            npz.write("format", NpyArray.ofScalar(FORMAT));
            npz.write("names", NpyArray.ofTexts(List.copyOf(sorted.keySet())));
            npz.write("values", NpyArray.ofTexts(List.copyOf(sorted.values())));
            List<Integer> lengths =
                    epochs.getFirst().stream().map(tensor -> tensor.length).toList();
            npz.write("lengths", NpyArray.ofIntegers(lengths));
            for (int epoch = 0; epoch < epochs.size(); epoch++) {
                List<NpyArray> tensors = epochs.get(epoch).stream()
                        .map(tensor -> NpyArray.ofFloats(tensor, tensor.length))
                        .toList();
                int size = tensors.stream().mapToInt(NpyArray::size).sum();
                npz.write("epoch_" + epoch, NpyType.FLOAT32, List.of(size), tensors);
            }
            npz.finish();
        });
    }

    public boolean exists() {
        return Files.exists(path);
    }

    /**
     * Reads the properties of the network and its training data, by name.
     *
     * @throws DatasetException if the file is not a trajectory, is truncated, or has another format version
     */
    public Map<String, String> about() {
        return reading(archive -> {
            int format = require(archive, "format", array -> array.toInteger(0, Integer.MAX_VALUE));
            if (format != FORMAT) {
                throw new DatasetException(path + " has trajectory format " + format
                        + ", but this version reads only format " + FORMAT + ": move it elsewhere");
            }
            List<String> names = require(archive, "names", NpyArray::toTexts);
            List<String> values = require(archive, "values", NpyArray::toTexts);
            if (names.size() != values.size()) {
                throw notATrajectory();
            }
            Map<String, String> about = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                about.put(names.get(i), values.get(i));
            }
            return about;
        });
    }

    /** Reads the parameters after the given number of epochs, one array per tensor. */
    public List<float[]> epoch(int epoch) {
        return reading(archive -> {
            List<Integer> lengths = require(archive, "lengths", array -> array.toIntegers(1, Integer.MAX_VALUE));
            float[] values = require(archive, "epoch_" + epoch, NpyArray::toFloats);
            if (lengths.stream().mapToLong(Integer::longValue).sum() != values.length) {
                throw notATrajectory();
            }
            List<float[]> tensors = new ArrayList<>();
            int at = 0;
            for (int length : lengths) {
                tensors.add(Arrays.copyOfRange(values, at, at + length));
                at += length;
            }
            return tensors;
        });
    }

    private <T> T reading(Function<NpzArrays, T> values) {
        try (NpzArchive archive = NpzArchive.open(path)) {
            return values.apply(new NpzArrays(archive));
        } catch (ZipException e) {
            throw new DatasetException(path + " is not a trajectory file, or is truncated: delete it", e);
        } catch (IOException e) {
            throw DatasetException.unreadable(path, e);
        }
    }

    private <T> T require(NpzArrays archive, String array, NpzArchive.Reading<T> reading) {
        return archive.read(array, reading).orElseThrow(this::notATrajectory);
    }

    private DatasetException notATrajectory() {
        return new DatasetException(path + " is not a trajectory file: move it elsewhere");
    }
}
