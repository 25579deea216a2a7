package dev.reverie.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The body of a response that arrives as it is read. Fails if no byte arrives for some time, since a connection whose
 * other side has disappeared never ends. The messages of its failures are meant for users.
 */
final class ServiceDownload extends FilterInputStream {

    /** Maximum number of bytes that one call skips. */
    private static final int MAX_SKIPPED = 8192;

    private final Duration idleLimit;

    /** Whether the limit has passed. The body is then closed, even if a byte arrived in the meantime. */
    private volatile boolean silent;

    /**
     * Creates a download.
     *
     * @param body the body; closing it must end reads that wait
     */
    ServiceDownload(InputStream body, Duration idleLimit) {
        super(body);
        this.idleLimit = idleLimit;
    }

    @Override
    public int read() throws IOException {
        byte[] next = new byte[1];
        return read(next, 0, 1) < 0 ? -1 : next[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        CompletableFuture<Boolean> arrived = new CompletableFuture<>();
        var _ = arrived.completeOnTimeout(false, idleLimit.toMillis(), TimeUnit.MILLISECONDS)
                .thenAccept(inTime -> {
                    if (!inTime) {
                        endReads();
                    }
                });
        int read;
        try {
            read = in.read(bytes, offset, length);
        } catch (IOException failure) {
            throw silent ? silence(failure) : broken(failure);
        } finally {
            arrived.complete(true);
        }
        if (read < 0 && silent) {
            throw silence(new IOException("the read was ended"));
        }
        return read;
    }

    /** Skips by reading, so that the limit holds here, too. May skip fewer bytes than are asked for. */
    @Override
    public long skip(long count) throws IOException {
        return Math.max(0, read(new byte[Math.clamp(count, 0, MAX_SKIPPED)]));
    }

    private void endReads() {
        silent = true;
        try {
            in.close();
        } catch (IOException ended) {
            // The read that waits ends nevertheless.
        }
    }

    private IOException silence(IOException cause) {
        return new IOException(
                "the service has sent nothing for " + idleLimit.toSeconds() + " s: check that it runs, and try again",
                cause);
    }

    private static IOException broken(IOException cause) {
        return new IOException(
                "the connection to the service broke: try again, and raise reverie.http.backup-time of the service if a"
                        + " backup takes longer than that",
                cause);
    }
}
