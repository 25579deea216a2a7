package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.foreign.ForeignModel;
import dev.reverie.gpu.method.ForeignFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import picocli.CommandLine.Option;

/** How a network of another program wants its images. */
final class ForeignOptions {

    @Option(
            names = "--model-mean",
            paramLabel = "M[,M,M]",
            split = ",",
            description = "Mean of each channel, for values from 0 to 1, by which an ONNX network normalises its"
                    + " images (default: 'mean' in the metadata of its file).")
    List<Double> mean = List.of();

    @Option(
            names = "--model-std",
            paramLabel = "S[,S,S]",
            split = ",",
            description = "Standard deviation of each channel, likewise (default: 'std' in the metadata).")
    List<Double> std = List.of();

    /**
     * Checks the options by themselves.
     *
     * @param used the option that names a network, if it is given
     * @throws InputException if they do not form a normalisation, or no network is named
     */
    void check(Optional<String> used, String names) {
        if (mean.size() != std.size()) {
            throw new InputException("--model-mean and --model-std need a value for each channel: give both alike");
        }
        if (std.stream().anyMatch(value -> !(value > 0))) {
            throw new InputException("--model-std must be positive");
        }
        if (used.isEmpty() && !mean.isEmpty()) {
            throw new InputException("--model-mean only affects a network of " + names + ": add one, or omit it");
        }
    }

    /** A network whose features are used. */
    ForeignFile features(Path file, ImageShape images) {
        ForeignFile read = unopened(file);
        ForeignModel.open(read, images).close(); // now, so that a run does not end when it first needs the network
        return read;
    }

    /** A network whose features are used, and which the caller opens at once. */
    ForeignFile unopened(Path file) {
        return new ForeignFile(file, sha256(file), normalisation(), List.of());
    }

    /** A network that classifies images of the given classes. */
    ForeignFile classifier(Path file, ImageShape images, List<String> classNames) {
        Optional<Normalisation> normalisation = normalisation();
        List<Integer> first = List.of(0);
        try (ForeignModel model = ForeignModel.open(new ForeignFile(file, "", normalisation, first), images)) {
            return new ForeignFile(file, sha256(file), normalisation, model.outputsOf(classNames));
        }
    }

    private Optional<Normalisation> normalisation() {
        return mean.isEmpty() ? Optional.empty() : Optional.of(new Normalisation(mean, std));
    }

    private static String sha256(Path file) {
        try (InputStream content = Files.newInputStream(file)) {
            return DigestUtils.sha256Hex(content);
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: name an ONNX file");
        }
    }
}
