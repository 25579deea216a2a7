package dev.reverie.deploy.run;

import dev.reverie.gpu.tensor.Device;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The origin of this build of Reverie.
 *
 * @param commit commit of the sources, or {@code unknown} if they were built without Git
 * @param clean whether the sources were exactly those of the commit
 * @param jdk version of the JDK that compiled the sources
 */
public record Provenance(String commit, boolean clean, String jdk, List<String> libraries) {

    private static final String UNKNOWN = "unknown";
    private static final String LIBRARY = "library.";

    /**
     * The software versions used by a run.
     *
     * @param reverie version of Reverie; {@code development} if Reverie does not run from its jar
     * @param java version of the Java virtual machine
     * @param nd4j version of the tensor library; {@code unknown} if Maven did not build Reverie
     */
    public record SoftwareVersions(String reverie, String java, String nd4j) {

        public static SoftwareVersions current() {
            return new SoftwareVersions(
                    Objects.requireNonNullElse(
                            SoftwareVersions.class.getPackage().getImplementationVersion(), "development"),
                    Runtime.version().toString(),
                    Provenance.current().version("nd4j"));
        }
    }

    public Provenance {
        libraries = List.copyOf(libraries);
    }

    /** Returns the origin of the running build; everything is unknown if Maven did not build it. */
    public static Provenance current() {
        Properties properties = new Properties();
        try (InputStream stream = Provenance.class.getResourceAsStream("provenance.properties")) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(properties);
    }

    static Provenance of(Properties properties) {
        return new Provenance(
                properties.getProperty("commit", UNKNOWN),
                properties.getProperty("state", UNKNOWN).equals("clean"),
                properties.getProperty("jdk", UNKNOWN),
                properties.stringPropertyNames().stream()
                        .filter(name -> name.startsWith(LIBRARY))
                        .sorted()
                        .map(name -> name.substring(LIBRARY.length()) + " " + properties.getProperty(name))
                        .toList());
    }

    /** Returns the version of a library; {@code unknown} if it is not among those that matter. */
    String version(String library) {
        return libraries.stream()
                .filter(each -> each.startsWith(library + " "))
                .map(each -> each.substring(library.length() + 1))
                .findFirst()
                .orElse(UNKNOWN);
    }

    public List<String> describe() {
        String state = clean ? "" : ", with changes that are not in the commit";
        return Stream.concat(
                        Stream.of(
                                "commit: " + (commit.equals(UNKNOWN) ? UNKNOWN : commit + state),
                                "built with: JDK " + jdk,
                                "engines: " + engines()),
                        libraries.isEmpty() ? Stream.empty() : Stream.of("libraries: " + String.join(", ", libraries)))
                .toList();
    }

    /** The engines that a start can choose, without loading their libraries. */
    private static String engines() {
        return Device.available().stream()
                .map(engine -> engine.name().label())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
