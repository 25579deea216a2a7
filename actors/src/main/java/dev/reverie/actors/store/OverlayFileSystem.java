package dev.reverie.actors.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** A file system for H2 that changes nothing on the disk: writes stay in memory and are dropped. */
public final class OverlayFileSystem extends FilePathWrapper {

    static final String SCHEME = "overlay";

    /** Creates the file system; called by H2. */
    public OverlayFileSystem() {}

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new OverlayFile(getBase().open("r"));
    }

    @Override
    public OutputStream newOutputStream(boolean append) {
        return OutputStream.nullOutputStream();
    }

    @Override
    public boolean createFile() {
        return !exists();
    }

    @Override
    public void createDirectory() {
        // Nothing is created.
    }

    @Override
    public void delete() {
        // Nothing is deleted.
    }

    @Override
    public void moveTo(FilePath newName, boolean atomicReplace) {
        // Nothing is moved.
    }

    @Override
    public boolean setReadOnly() {
        return true;
    }
}
