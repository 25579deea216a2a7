package dev.reverie.deploy.config;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * A value that is read from files, and read again when their contents change. While the files cannot be used, the last
 * value remains in force. Thread safe.
 */
public final class ReloadableValue<T> {

    private final List<Path> files;
    private final Function<List<FileText>, T> parser;
    private final BiPredicate<T, T> isSame;
    private volatile T value;
    /** The contents from which {@link #value} was read. */
    private List<FileText> contents;

    /** The result of reading files again. */
    public sealed interface Outcome {
        /** The value is the same as before. */
        record Unchanged() implements Outcome {}

        /** The value has changed, or at least the contents of its files; the new value is in force. */
        record Reloaded() implements Outcome {}

        /** The contents have changed, but cannot be used; the last value remains in force. */
        record Failed(String reason) implements Outcome {}
    }

    /**
     * Reads the files for the first time. They must not include other files.
     *
     * @param parser makes the value from the contents of the files, in their order; throws a
     *     {@link ConfigurationException} if they cannot be used
     * @throws ConfigurationException if the files cannot be used
     */
    ReloadableValue(List<Path> files, Function<List<FileText>, T> parser) {
        this(files, parser, (_, _) -> true);
    }

    /**
     * Reads the files for the first time. They can include other files.
     *
     * @param parser makes the value, as in the other constructor
     * @param isSame whether two values are the same that were read from files with the same contents
     * @throws ConfigurationException if the files cannot be used
     */
    ReloadableValue(List<Path> files, Function<List<FileText>, T> parser, BiPredicate<T, T> isSame) {
        this.files = List.copyOf(files);
        this.parser = parser;
        this.isSame = isSame;
        contents = read();
        value = parser.apply(contents);
    }

    public T value() {
        return value;
    }

    /** Reads the files, and parses them if their contents differ from those of the value that is in force. */
    public synchronized Outcome refresh() {
        List<FileText> found = read();
        return found.equals(contents) ? new Outcome.Unchanged() : parse(found);
    }

    /** Reads and parses the files even if their contents are unchanged, because they can include other files. */
    public synchronized Outcome reread() {
        return parse(read());
    }

    private Outcome parse(List<FileText> found) {
        T before = value;
        try {
            value = parser.apply(found);
        } catch (ConfigurationException e) {
            return new Outcome.Failed(String.join("; ", e.problems()));
        } catch (RuntimeException e) { // a defect of a parser must not end the regular checks
            return new Outcome.Failed("unexpected failure: " + e);
        }
        boolean changed = !found.equals(contents) || !isSame.test(before, value);
        contents = found;
        return changed ? new Outcome.Reloaded() : new Outcome.Unchanged();
    }

    private List<FileText> read() {
        return files.stream().map(FileText::read).toList();
    }
}
