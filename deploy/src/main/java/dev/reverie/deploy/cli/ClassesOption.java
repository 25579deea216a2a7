package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The option that chooses classes of a dataset. */
final class ClassesOption {

    @Option(
            names = "--classes",
            paramLabel = "C",
            description = "Use only these classes, in this order: names separated by commas, or a file with one name"
                    + " per line, for example a published list of ImageNet classes.")
    Optional<String> classes = Optional.empty();

    /**
     * Returns the names; none if the option is not given.
     *
     * @throws InputException if a name is repeated, or there are fewer than two
     * @throws DatasetException if the file cannot be read
     */
    List<String> names() {
        if (classes.isEmpty()) {
            return List.of();
        }
        List<String> names = texts(classes.get())
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        if (names.size() < 2) {
            throw new InputException("--classes needs at least two names, got " + names.size());
        }
        return DuplicateCheck.check("--classes", names);
    }

    private static Stream<String> texts(String value) {
        Path file = Path.of(value);
        if (!Files.isRegularFile(file)) {
            return Stream.of(value.split(",", -1));
        }
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }
}
