package dev.reverie.actors.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** A file system for H2 that changes nothing on the disk: writes stay in memory and are dropped. */
public final class OverlayFileSystem extends FilePathWrapper {

    static final String SCHEME = "overlay";

    /** What is written into files when they are opened, by their real paths. */
    private static final Map<String, Map<Long, byte[]>> WRITES = new ConcurrentHashMap<>();

    static {
        FilePath.register(new OverlayFileSystem());
    }

    /** Creates the file system; called by H2. */
    public OverlayFileSystem() {}

    /** Ends what {@link #write} has begun. */
    interface Written extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Lets a file have other content whenever it is opened in this file system.
     *
     * @param file path of the file below, which may begin with another file system
     * @param writes the other bytes, by their position
     */
    static Written write(String file, Map<Long, byte[]> writes) {
        String path = FilePath.get(file).toRealPath().toString();
        WRITES.put(path, writes);
        return () -> WRITES.remove(path);
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        OverlayFile file = new OverlayFile(getBase().open("r"));
        for (Map.Entry<Long, byte[]> write :
                WRITES.getOrDefault(getBase().toRealPath().toString(), Map.of()).entrySet()) {
            file.write(ByteBuffer.wrap(write.getValue()), write.getKey());
        }
        return file;
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
