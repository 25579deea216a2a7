package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.FileErrorMessages;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.apache.commons.io.input.ProxyInputStream;

/**
 * The content of a file that a source sends. If the content cannot be read, this stream throws a
 * {@link DatasetException}. An {@link IOException} while a file is stored is therefore a failure of the disk, or an
 * interruption.
 */
final class SourceInputStream extends ProxyInputStream {

    private final String file;

    private SourceInputStream(String file, InputStream content) {
        super(content);
        this.file = file;
    }

    /**
     * Returns the bytes to store.
     *
     * @param content what the source sends for the file
     * @throws DatasetException if the beginning of {@code content} cannot be read or unpacked; a read of the result
     *     throws it if the rest cannot
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
