package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DatasetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.zip.Checksum;

/**
 * A picture of a class.
 *
 * @param name name of the file in the folder; a path, because it can contain bytes that the locale cannot decode
 * @param modifiedMillis time of its last change, in milliseconds since 1970
 */
record PictureFile(Path folder, Path name, int label, long bytes, long modifiedMillis) {

    static PictureFile of(Path folder, Path name, int label) {
        Path path = folder.resolve(name);
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new PictureFile(
                    folder,
                    name,
                    label,
                    attributes.size(),
                    attributes.lastModifiedTime().toMillis());
        } catch (IOException e) {
            throw DatasetException.unreadable(path, e);
        }
    }

    Path path() {
        return folder.resolve(name);
    }

    /** Adds the path below the root, which stays the same when the root is moved, or the file is repaired. */
    void addTo(Checksum checksum) {
        Path splitAndClass = folder.subpath(folder.getNameCount() - 2, folder.getNameCount());
        checksum.update(splitAndClass.resolve(name).toString().getBytes(StandardCharsets.UTF_8));
    }
}
