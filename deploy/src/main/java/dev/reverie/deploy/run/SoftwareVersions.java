package dev.reverie.deploy.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What a run was made with.
 *
 * @param reverie of this project; {@code development} when it does not run from its jar
 * @param java of the virtual machine
 * @param nd4j of the tensor library
 */
public record SoftwareVersions(String reverie, String java, String nd4j) {

    private static final String UNKNOWN = "development";

    /** The versions in this process. */
    public static SoftwareVersions current() {
        return new SoftwareVersions(
                ofArtifact("dev.reverie", "reverie-deploy"),
                Runtime.version().toString(),
                ofArtifact("org.nd4j", "nd4j-api"));
    }

    /** Maven writes each artifact's coordinates into its jar. */
    private static String ofArtifact(String group, String artifact) {
        String resource = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        try (InputStream stream = SoftwareVersions.class.getResourceAsStream(resource)) {
            if (stream == null) {
                return UNKNOWN;
            }
            Properties properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version", UNKNOWN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
