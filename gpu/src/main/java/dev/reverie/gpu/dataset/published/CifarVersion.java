package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DatasetException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A published version of CIFAR: an archive, packed or unpacked, that contains a single folder. */
record CifarVersion(String archive, String folder, List<String> train, String test, String names, CifarFormat format) {

    CifarVersion {
        train = List.copyOf(train);
    }

    /** Finds this version: {@code place} may be the archive or its folder, or contain either of them. */
    Optional<Path> in(Path place) {
        if (Files.isRegularFile(place)) {
            return Optional.of(place).filter(file -> file.endsWith(archive));
        }
        return Stream.of(place, place.resolve(folder))
                .filter(candidate -> Files.isRegularFile(candidate.resolve(train.getFirst())))
                .findFirst()
                .or(() -> Optional.of(place.resolve(archive)).filter(Files::isRegularFile));
    }

    @FunctionalInterface
    interface Visitor {

        void accept(String name, String description, InputStream content) throws IOException;
    }

    /**
     * Passes the existing files of this version to {@code visitor}, in archive order if {@code where} is the archive.
     */
    void visit(Path where, Visitor visitor) {
        if (Files.isDirectory(where)) {
            files().forEach(name -> visitFile(where.resolve(name), name, visitor));
            return;
        }
        TarGz.read(where, (path, content) -> {
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (files().anyMatch(name::equals)) {
                visitor.accept(name, path + " in " + where, content);
            }
        });
    }

    private Stream<String> files() {
        return Stream.concat(train.stream(), Stream.of(test, names));
    }

    private static void visitFile(Path file, String name, Visitor visitor) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (InputStream content = new BufferedInputStream(Files.newInputStream(file))) {
            visitor.accept(name, file.toString(), content);
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }
}
