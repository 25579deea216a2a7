package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A file system for H2 that fails on demand, and knows what a power cut could leave of a file. One test at a time uses
 * it, with the prefix {@link #PREFIX} before the path of the database.
 */
public final class FaultyDisk extends FilePathWrapper {

    public static final String PREFIX = "faulty:";

    private static final int BLOCK_BYTES = 4096;

    private static final State STATE = new State();
    private static final AtomicInteger OPEN_FILES = new AtomicInteger();

    /** Called by H2. */
    public FaultyDisk() {}

    /** Starts a test: nothing fails. */
    public static void reset() {
        FilePath.register(new FaultyDisk());
        OPEN_FILES.set(0); // H2 leaves a file open when memory is exhausted
        STATE.reset();
    }

    /** From now on, every write fails with this message of the operating system. */
    public static void failWrites(String message) {
        STATE.failure = message;
    }

    /**
     * From now on, about one in some writes, truncations and flushes fails. A write that fails has written a part of
     * its data.
     *
     * @param messages messages of the operating system, of which each failure has one
     */
    public static void failSometimes(SplittableRandom random, int oneIn, List<String> messages) {
        STATE.sometimes = Optional.of(new RandomFailures(random, oneIn, messages));
    }

    /**
     * From now on, every flush fails. What was written before the first one that fails reaches the disk only if it is
     * written again, as on operating systems that regard it as written nevertheless.
     */
    static void failFlushes(String message) {
        STATE.flushFailure = message;
    }

    /** From now on, every read does this first. */
    static void beforeReads(ReadFailure failure) {
        STATE.beforeRead = failure;
    }

    /** What happens instead of a read. */
    interface ReadFailure {
        void raise() throws IOException;
    }

    public static void repair() {
        STATE.beforeRead = () -> {};
        STATE.failure = "";
        STATE.flushFailure = "";
        STATE.sometimes = Optional.empty();
    }

    /** Number of failures since {@link #reset}. */
    public static int failures() {
        return STATE.failures;
    }

    /** Number of files of this file system that are open in this process. */
    public static int openFiles() {
        return OPEN_FILES.get();
    }

    /** Calls a task before each flush; everything written before is on the disk after the flush. */
    static void beforeFlush(Runnable task) {
        STATE.beforeFlush = task;
    }

    /**
     * Creates files that a power cut at this moment could leave: as the file was at the last flush, each with another
     * random part of the later writes. Of a write that is not there as a whole, some blocks may be.
     *
     * @param folders the folder of each file
     * @return the number of later writes that are missing in all files
     */
    static int cutPower(List<Path> folders, SplittableRandom random) throws IOException {
        return STATE.cutPower(folders, random);
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        FileChannel file = getBase().open(mode);
        STATE.keep(file);
        return new Channel(file);
    }

    /** A write of data at a position, or a truncation if the data is empty. */
    private record Write(long position, ByteBuffer data) {

        /** The parts that reach the disk independently of each other. */
        List<Write> blocks() {
            List<Write> blocks = new ArrayList<>();
            for (int from = 0; from < data.limit(); from += BLOCK_BYTES) {
                int length = Math.min(BLOCK_BYTES, data.limit() - from);
                blocks.add(new Write(position + from, data.slice(from, length)));
            }
            return blocks;
        }

        ByteBuffer appliedTo(ByteBuffer file) {
            int end = (int) position + data.limit();
            if (data.limit() == 0) {
                return file.limit(Math.min(file.limit(), end));
            }
            ByteBuffer large = end <= file.capacity() ? file : copyOf(file, 2 * end);
            large.limit(Math.max(large.limit(), end));
            return large.put((int) position, data, 0, data.limit());
        }
    }

    /** Failures of which about one in some operations has one. */
    private record RandomFailures(SplittableRandom random, int oneIn, List<String> messages) {

        Optional<String> next() {
            return random.nextInt(oneIn) == 0
                    ? Optional.of(messages.get(random.nextInt(messages.size())))
                    : Optional.empty();
        }
    }

    private static ByteBuffer copyOf(ByteBuffer file, int capacity) {
        return ByteBuffer.allocate(capacity).put(0, file, 0, file.limit()).limit(file.limit());
    }

    private static final class State {

        private volatile String failure = "";
        private volatile String flushFailure = "";
        private volatile Optional<RandomFailures> sometimes = Optional.empty();
        private volatile int failures;
        private volatile Runnable beforeFlush = () -> {};
        private volatile ReadFailure beforeRead = () -> {};
        private ByteBuffer flushed = ByteBuffer.allocate(0);
        private final List<Write> later = new ArrayList<>();

        synchronized void reset() {
            failure = "";
            flushFailure = "";
            sometimes = Optional.empty();
            failures = 0;
            beforeRead = () -> {};
            beforeFlush = () -> {};
            flushed = ByteBuffer.allocate(0);
            later.clear();
        }

        /** Regards what a file contains when it is opened as being on the disk. */
        synchronized void keep(FileChannel file) throws IOException {
            if (flushed.limit() == 0 && later.isEmpty()) {
                flushed = ByteBuffer.allocate(Math.toIntExact(file.size()));
                while (flushed.hasRemaining() && file.read(flushed, flushed.position()) >= 0) {
                    // A read may return fewer bytes than asked for.
                }
                flushed.clear();
            }
        }

        /** The message of the failure of the next operation; empty if it does not fail. */
        synchronized Optional<String> nextFailure() {
            Optional<String> next = failure.isEmpty() ? sometimes.flatMap(RandomFailures::next) : Optional.of(failure);
            failures += next.isPresent() ? 1 : 0;
            return next;
        }

        void fail() throws IOException {
            Optional<String> next = nextFailure();
            if (next.isPresent()) {
                throw new IOException(next.get());
            }
        }

        synchronized void record(Write write) {
            later.add(write);
        }

        synchronized void flush() throws IOException {
            if (!flushFailure.isEmpty()) {
                later.clear();
                throw new IOException(flushFailure);
            }
            fail();
            beforeFlush.run();
            for (Write write : later) {
                flushed = write.appliedTo(flushed);
            }
            later.clear();
        }

        synchronized int cutPower(List<Path> folders, SplittableRandom random) throws IOException {
            int missing = 0;
            for (Path folder : folders) {
                missing += cutPower(folder.resolve(Store.FILE), random);
            }
            return missing;
        }

        private int cutPower(Path copy, SplittableRandom random) throws IOException {
            ByteBuffer left = copyOf(flushed, flushed.limit());
            int missing = 0;
            int oneIn = 1 << random.nextInt(1, 7);
            for (Write write : later) {
                if (random.nextInt(oneIn) > 0) {
                    left = write.appliedTo(left);
                } else {
                    missing++;
                    for (Write part : random.nextBoolean() ? write.blocks() : List.<Write>of()) {
                        left = random.nextBoolean() ? part.appliedTo(left) : left;
                    }
                }
            }
            byte[] bytes = new byte[left.limit()];
            left.get(0, bytes);
            Files.write(copy, bytes);
            return missing;
        }
    }

    private static final class Channel extends FileBaseDefault {

        private final FileChannel base;

        Channel(FileChannel base) {
            this.base = base;
            OPEN_FILES.incrementAndGet();
        }

        @Override
        public long size() throws IOException {
            return base.size();
        }

        @Override
        public synchronized int read(ByteBuffer target, long position) throws IOException {
            STATE.beforeRead.raise();
            return base.read(target, position);
        }

        @Override
        public synchronized int write(ByteBuffer source, long position) throws IOException {
            Optional<String> failure = STATE.nextFailure();
            if (failure.isPresent()) {
                source.limit(source.position() + source.remaining() / 2);
            }
            ByteBuffer data = ByteBuffer.allocate(source.remaining());
            STATE.record(new Write(position, data.put(source.duplicate()).flip()));
            int written = base.write(source, position);
            if (failure.isPresent()) {
                throw new IOException(failure.get());
            }
            return written;
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            STATE.fail();
            STATE.record(new Write(size, ByteBuffer.allocate(0)));
            base.truncate(size);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            STATE.flush();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return base.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            base.close();
            OPEN_FILES.decrementAndGet();
        }
    }
}
