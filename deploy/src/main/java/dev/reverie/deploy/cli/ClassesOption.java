package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The option that chooses classes of a dataset. */
final class ClassesOption {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    @Option(
            names = "--classes",
            paramLabel = "C",
            description = "Use only these classes, in this order: names separated by commas, or a file with one name"
                    + " per line, for example a published list of ImageNet classes. Names that contain commas need a"
                    + " file.")
    Optional<String> classes = Optional.empty();

    /**
     * Returns the names; none if the option is not given.
     *
     * @throws InputException if there is no name, or a name is repeated
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
        if (names.isEmpty()) {
            throw new InputException("--classes names no class");
        }
        return DuplicateCheck.check("--classes", names);
    }

    private static Stream<String> texts(String value) {
        return file(value).map(ClassesOption::lines).orElseGet(() -> Stream.of(value.split(",", -1)));
    }

    /** Returns the file or pipe of this name; empty if there is none. */
    private static Optional<Path> file(String value) {
        try {
            return Optional.of(Path.of(value)).filter(file -> Files.exists(file) && !Files.isDirectory(file));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readString(file).replace(BYTE_ORDER_MARK, "").lines();
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }
}
