package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.Normalisation;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A trained network of another program that chooses images, or labels them.
 *
 * @param sha256 digest of the file, in hexadecimal digits
 * @param normalisation normalisation of its images; empty if the file tells
 * @param outputs the output of each class, if the network classifies; empty if its features are used
 */
public record ForeignFile(Path file, String sha256, Optional<Normalisation> normalisation, List<Integer> outputs) {

    public ForeignFile {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(normalisation, "normalisation");
        outputs = List.copyOf(outputs);
    }

    /** Whether the network classifies. */
    public boolean classifies() {
        return !outputs.isEmpty();
    }
}
