package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.TrajectoryFile;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads and writes an {@link ObserverNetwork} as a {@link TrajectoryFile} with a single state, with the properties of
 * the network and of the images and classes that it was trained on.
 */
public record ObserverFile(Path path) {

    private static final String CLASS = "class_";
    private static final String ARCHITECTURE = "architecture";
    private static final String WIDTH = "width";
    private static final String DEPTH = "depth";

    /**
     * Writes the network that chose or labelled a set, with the outputs in the order of its classes, replacing an
     * existing file as a whole or not at all.
     */
    public void write(NetworkSettings settings, DistilledSet set, List<float[]> parameters) throws IOException {
        Map<String, String> about = new TreeMap<>(properties(set));
        about.put(ARCHITECTURE, settings.architectureOf(0).label());
        about.put(WIDTH, Integer.toString(settings.width()));
        about.put(DEPTH, Integer.toString(settings.depth()));
        new TrajectoryFile(path).write(about, List.of(parameters));
    }

    /**
     * The properties of a set that its observer must have. Values of a normalisation are stored in single precision.
     */
    private static Map<String, String> properties(DistilledSet set) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("images", set.images().shape().toString());
        properties.put("mean", inSinglePrecision(set.normalisation().mean()));
        properties.put("std", inSinglePrecision(set.normalisation().std()));
        List<String> names = set.classes().names();
        for (int i = 0; i < names.size(); i++) {
            properties.put(CLASS + i, names.get(i));
        }
        return properties;
    }

    private static String inSinglePrecision(List<Double> values) {
        return values.stream().map(value -> Float.toString(value.floatValue())).collect(Collectors.joining(", "));
    }

    /**
     * Reads the observer of a set.
     *
     * @throws DatasetException if the file is missing, damaged, not an observer, or an observer of images of another
     *     shape or normalisation or of other classes; the message says which
     */
    public ObserverNetwork read(DistilledSet set) {
        try {
            TrajectoryFile file = new TrajectoryFile(path);
            Map<String, String> about = file.about();
            MatchingArchitecture kind = architecture(about);
            requireFitting(about, properties(set));
            return new ObserverNetwork(
                    kind.of(
                            Integer.parseInt(about.getOrDefault(WIDTH, "")),
                            Integer.parseInt(about.getOrDefault(DEPTH, "")),
                            set.images().shape(),
                            set.classes().size()),
                    file.epoch(0));
        } catch (IllegalArgumentException e) {
            throw new DatasetException(path + " is not an observer (" + e.getMessage() + "): name another file", e);
        }
    }

    private void requireFitting(Map<String, String> about, Map<String, String> expected) {
        Set<String> names = new TreeSet<>(expected.keySet());
        about.keySet().stream().filter(name -> name.startsWith(CLASS)).forEach(names::add);
        for (String name : names) {
            String there = about.getOrDefault(name, "nothing");
            String here = expected.getOrDefault(name, "nothing");
            if (!there.equals(here)) {
                throw new DatasetException("the observer " + path + " does not fit the set (" + name.replace('_', ' ')
                        + ": " + there + " there, " + here + " in the set): name that of the run that made the set");
            }
        }
    }

    private static MatchingArchitecture architecture(Map<String, String> about) {
        String label = about.getOrDefault(ARCHITECTURE, "");
        return Arrays.stream(MatchingArchitecture.values())
                .filter(known -> known.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown architecture '" + label + "'"));
    }
}
