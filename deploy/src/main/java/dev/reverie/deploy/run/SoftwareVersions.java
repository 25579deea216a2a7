package dev.reverie.deploy.run;

import java.util.Objects;

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
