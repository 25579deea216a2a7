package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.TrajectoryFile;
import dev.reverie.gpu.matching.MatchingNetworks;
import dev.reverie.gpu.method.MatchingArchitecture;
import dev.reverie.gpu.method.NetworkSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes an {@link Observer} as a {@link TrajectoryFile} with a single state and with the properties of the
 * network.
 *
 * @param path path of the file
 */
public record ObserverFile(Path path) {

    private static final String ARCHITECTURE = "architecture";
    private static final String WIDTH = "width";
    private static final String DEPTH = "depth";
    private static final String IMAGES = "images";
    private static final String CLASSES = "classes";

    /**
     * Writes the file, replacing an existing file as a whole or not at all.
     *
     * @param settings settings of the network
     * @param shape shape of its images
     * @param classes its classes, in the order of its outputs
     * @param parameters one array per parameter tensor
     * @throws IOException if the file cannot be written
     */
    public void write(NetworkSettings settings, ImageShape shape, ClassList classes, List<float[]> parameters)
            throws IOException {
        new TrajectoryFile(path)
                .write(
                        Map.of(
                                ARCHITECTURE,
                                settings.architectureOf(0).label(),
                                WIDTH,
                                Integer.toString(settings.width()),
                                DEPTH,
                                Integer.toString(settings.depth()),
                                IMAGES,
                                shape.toString(),
                                CLASSES,
                                text(classes)),
                        List.of(parameters));
    }

    private static String text(ClassList classes) {
        return String.join(", ", classes.names());
    }

    /**
     * Reads the observer of images of a given shape and of given classes.
     *
     * @throws DatasetException if the file is missing, damaged or of other images or classes; the message says which
     */
    public Observer read(ImageShape shape, ClassList classes) {
        TrajectoryFile file = new TrajectoryFile(path);
        Map<String, String> about = file.about();
        requireSame(about, IMAGES, shape.toString());
        requireSame(about, CLASSES, text(classes));
        try {
            return new Observer(
                    MatchingNetworks.architecture(
                            architecture(about),
                            Integer.parseInt(about.getOrDefault(WIDTH, "")),
                            Integer.parseInt(about.getOrDefault(DEPTH, "")),
                            shape,
                            classes.size()),
                    file.epoch(0));
        } catch (IllegalArgumentException e) {
            throw new DatasetException(path + " is not an observer (" + e.getMessage() + "): name another file", e);
        }
    }

    private void requireSame(Map<String, String> about, String property, String expected) {
        String actual = about.getOrDefault(property, "nothing");
        if (!actual.equals(expected)) {
            throw new DatasetException("the observer " + path + " does not fit the set (" + property + ": " + actual
                    + " there, " + expected + " in the set): name that of the run that made the set");
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
