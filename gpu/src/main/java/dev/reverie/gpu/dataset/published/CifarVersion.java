package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.FileFormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.io.function.IOBiConsumer;

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

    /**
     * Passes the name of each existing file of this version, without folders, and its content to {@code visitor}, in
     * archive order if {@code where} is the archive.
     */
    void visit(Path where, IOBiConsumer<String, InputStream> visitor) {
        if (Files.isDirectory(where)) {
            files().map(where::resolve).filter(Files::isRegularFile).forEach(file -> visitFile(file, visitor));
            return;
        }
        Set<String> seen = new HashSet<>();
        TarGz.read(where, (path, content) -> {
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (files().noneMatch(name::equals)) {
                return;
            }
            if (!seen.add(name)) {
                throw new DatasetException(where + " has more than one " + name + "; it is not the published archive"
                        + DatasetException.FETCH_AGAIN);
            }
            visit(name, path + " in " + where, content, visitor);
        });
    }

    private Stream<String> files() {
        return Stream.concat(train.stream(), Stream.of(test, names));
    }

    private static void visitFile(Path file, IOBiConsumer<String, InputStream> visitor) {
        try (InputStream content = new BufferedInputStream(Files.newInputStream(file))) {
            visit(String.valueOf(file.getFileName()), file.toString(), content, visitor);
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }

    private static void visit(
            String name, String description, InputStream content, IOBiConsumer<String, InputStream> visitor)
            throws IOException {
        try {
            visitor.accept(name, content);
        } catch (FileFormatException e) {
            throw PublishedDataset.refused(description, e);
        }
    }
}
