package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.FileErrorMessages;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.apache.commons.io.input.ProxyInputStream;

/** The content of a file as a source sends it. Tells failures of the source and of the disk apart. */
final class SourceInputStream extends ProxyInputStream {

    private final String file;

    private SourceInputStream(String file, InputStream content) {
        super(content);
        this.file = file;
    }

    /**
     * Returns the bytes to store.
     *
     * @throws DatasetException if {@code content} is not in the format of the file; reading the result throws it, too
     */
    static InputStream of(ReleaseFile file, InputStream content) {
        try {
            return new SourceInputStream(file.name(), file.stored(content));
        } catch (IOException e) {
            throw damaged(file.name(), e);
        }
    }

    @Override
    protected void handleIOException(IOException failure) throws IOException {
        if (failure instanceof InterruptedIOException) {
            throw failure;
        }
        throw damaged(file, failure);
    }

    private static DatasetException damaged(String file, IOException failure) {
        return new DatasetException(
                "the source sent a damaged " + file + ": " + FileErrorMessages.describe(failure), failure);
    }
}
