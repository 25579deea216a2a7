package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.HashMap;
import java.util.Map;
import org.h2.store.fs.FakeFileChannel;
import org.h2.store.fs.FileBaseDefault;

/** A file whose writes stay in memory; the file below it is only read. Thread safe. */
final class OverlayFile extends FileBaseDefault {

    private static final int BLOCK = 4096;

    private final FileChannel base;
    private final Map<Long, byte[]> written = new HashMap<>();
    private long size;
    /** Bytes of the file below that are still part of this file. */
    private long below;

    OverlayFile(FileChannel base) throws IOException {
        this.base = base;
        this.size = base.size();
        this.below = size;
    }

    @Override
    public synchronized int read(ByteBuffer target, long position) throws IOException {
        if (position >= size) {
            return -1;
        }
        int count = (int) Math.min(target.remaining(), size - position);
        for (long at = position; at < position + count; ) {
            int offset = (int) (at % BLOCK);
            int length = (int) Math.min(BLOCK - offset, position + count - at);
            target.put(block(at / BLOCK), offset, length);
            at += length;
        }
        return count;
    }

    private byte[] block(long number) throws IOException {
        byte[] block = written.get(number);
        return block == null ? readBlock(number) : block;
    }

    private byte[] readBlock(long number) throws IOException {
        byte[] block = new byte[BLOCK];
        long start = number * BLOCK;
        ByteBuffer buffer = ByteBuffer.wrap(block, 0, Math.clamp(below - start, 0, BLOCK));
        while (buffer.hasRemaining() && base.read(buffer, start + buffer.position()) >= 0) {
            // A read may return fewer bytes than asked for.
        }
        return block;
    }

    @Override
    public synchronized int write(ByteBuffer source, long position) throws IOException {
        int count = source.remaining();
        for (long at = position; at < position + count; ) {
            int offset = (int) (at % BLOCK);
            int length = (int) Math.min(BLOCK - offset, position + count - at);
            byte[] block = block(at / BLOCK);
            source.get(block, offset, length);
            written.put(at / BLOCK, block);
            at += length;
        }
        size = Math.max(size, position + count);
        return count;
    }

    @Override
    protected synchronized void implTruncate(long newSize) {
        size = Math.min(size, newSize);
        below = Math.min(below, newSize);
        written.keySet().removeIf(number -> number * BLOCK >= newSize);
    }

    @Override
    public synchronized long size() {
        return size;
    }

    @Override
    public void force(boolean metaData) {
        // Nothing is written.
    }

    @Override
    public FileLock tryLock(long position, long length, boolean shared) {
        return new FileLock(FakeFileChannel.INSTANCE, position, length, shared) {
            @Override
            public boolean isValid() {
                return true;
            }

            @Override
            public void release() {
                // Nothing is locked.
            }
        };
    }

    @Override
    protected void implCloseChannel() throws IOException {
        base.close();
    }
}
