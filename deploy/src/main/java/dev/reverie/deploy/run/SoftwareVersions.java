package dev.reverie.deploy.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The software versions used by a run.
 *
 * @param reverie version of Reverie; {@code development} if Reverie does not run from its jar
 * @param java version of the Java virtual machine
 * @param nd4j version of the tensor library
 */
public record SoftwareVersions(String reverie, String java, String nd4j) {

    private static final String UNKNOWN = "development";

    /** Returns the versions of this process. */
    public static SoftwareVersions current() {
        return new SoftwareVersions(
                ofArtifact("dev.reverie", "reverie-deploy"),
                Runtime.version().toString(),
                ofArtifact("org.nd4j", "nd4j-api"));
    }

    /** Reads the version that Maven wrote into the jar of an artifact. */
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
