package dev.reverie.deploy.backup;

import dev.reverie.deploy.run.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps root from writing files into a folder of another user, whose service could not use them. */
final class FolderOwner {

    private static final String ROOT = "root";

    private FolderOwner() {}

    /**
     * Checks the owner of a folder, or of the one in which it would be created.
     *
     * @param user name of the user who is about to write
     * @throws InputException if the user is root and the folder belongs to another user
     */
    static void require(Path folder, String user) {
        Path existing = existing(folder.toAbsolutePath().normalize());
        String owner = ownerOf(existing);
        if (user.equals(ROOT) && !owner.equals(ROOT)) {
            throw new InputException("the folder " + existing + " belongs to the user " + owner
                    + ", whose service could not use files of root: run this command as that user (runuser -u " + owner
                    + " -- ...)");
        }
    }

    /** Returns the folder, or the one in which it would be created. */
    private static Path existing(Path folder) {
        return Files.exists(folder) || folder.getParent() == null ? folder : existing(folder.getParent());
    }

    private static String ownerOf(Path folder) {
        try {
            return Files.getOwner(folder).getName();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
