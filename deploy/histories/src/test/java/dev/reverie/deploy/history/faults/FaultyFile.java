package dev.reverie.deploy.history.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;

/**
 * A file of H2 whose reads and flushes pass {@link Failpoint#FILE_READ} and {@link Failpoint#FILE_SYNC}, and whose
 * writes pass {@link Failpoint#FILE_WRITE} half-way.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the file itself is thread safe
final class FaultyFile extends FileBaseDefault {

    /** The method that opens the files of H2. */
    static final Target TARGET = Target.of("org.h2.store.fs.disk.FilePathDisk", "open");

    private final FileChannel file;

    FaultyFile(FileChannel file) {
        this.file = file;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        int end = source.limit();
        int half = source.remaining() / 2;
        source.limit(source.position() + half);
        writeAll(source, position);
        FaultControl.reach(Failpoint.FILE_WRITE.name());
        source.limit(end);
        return half + writeAll(source, position + half);
    }

    private int writeAll(ByteBuffer source, long position) throws IOException {
        int written = 0;
        while (source.hasRemaining()) {
            written += file.write(source, position + written);
        }
        return written;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        FaultControl.reach(Failpoint.FILE_READ.name());
        return file.read(target, position);
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    protected void implTruncate(long size) throws IOException {
        file.truncate(size);
    }

    @Override
    public void force(boolean metaData) throws IOException {
        FaultControl.reach(Failpoint.FILE_SYNC.name());
        file.force(metaData);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        file.close();
    }
}
