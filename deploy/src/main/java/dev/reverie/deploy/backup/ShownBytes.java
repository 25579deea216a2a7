package dev.reverie.deploy.backup;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.io.input.ProxyInputStream;

/** Shows how many of the bytes of a stream have been read. */
final class ShownBytes extends ProxyInputStream {

    private final ByteProgress progress;
    private long read;

    ShownBytes(InputStream bytes, ByteProgress progress) {
        super(bytes);
        this.progress = progress;
    }

    @Override
    protected void afterRead(int count) throws IOException {
        read += Math.max(0, count);
        progress.show(read);
    }
}
