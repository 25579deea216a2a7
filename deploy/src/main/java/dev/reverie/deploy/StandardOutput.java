package dev.reverie.deploy;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stdout that remembers its first failure, for example that of a full disk, which Java's own stdout hides. */
final class StandardOutput extends OutputStream {

    /** How Linux and macOS name the failure of a reader that has read enough, such as {@code head}. */
    private static final String BROKEN_PIPE = "Broken pipe";

    private final OutputStream target;
    private @Nullable IOException failure;

    private StandardOutput(OutputStream target) {
        this.target = target;
    }

    static StandardOutput install() {
        StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(new BufferedOutputStream(output), true, StandardCharsets.UTF_8));
        return output;
    }

    /** Writes out what is buffered, and returns why not all was written; empty also if the reader wanted no more. */
    Optional<IOException> failure() {
        System.out.flush();
        return Optional.ofNullable(failure).filter(cause -> !BROKEN_PIPE.equals(cause.getMessage()));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }
}
