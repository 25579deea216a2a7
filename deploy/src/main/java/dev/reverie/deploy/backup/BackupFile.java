package dev.reverie.deploy.backup;

import dev.reverie.actors.backup.BackupException;
import dev.reverie.actors.backup.BackupReader;
import dev.reverie.actors.backup.BackupStream;
import dev.reverie.actors.backup.BackupSummary;
import dev.reverie.deploy.backup.BackupProgress.Step;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.AtomicFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.function.IOConsumer;
import org.apache.commons.io.input.TeeInputStream;
import org.apache.pekko.util.ByteString;

public record BackupFile(Path path) {

    private static final int BUFFER = 1 << 16;

    /**
     * Checks that the file can be written later.
     *
     * @throws InputException if its folder is missing or not writable, or if the file is a folder, or exists and must
     *     not be replaced
     */
    public void requireWritable(boolean overwrite) {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new InputException("cannot write " + path + ": name a file in an existing, writable folder");
        }
        if (Files.isDirectory(path)) {
            throw new InputException("cannot write " + path + ": it is a folder; name a file in it");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new InputException("cannot write " + path + ": it is a device or a pipe; name a file");
        }
        if (Files.exists(path) && !overwrite) {
            throw new InputException("the file " + path + " already exists: name another file, or add --overwrite");
        }
    }

    /**
     * Writes a backup that arrives as bytes, and reads the file again before it gets its name. Only the owner can read
     * the file. If the backup is damaged or incomplete, an existing file keeps its content.
     *
     * @throws BackupException if the backup is damaged or incomplete
     */
    public BackupSummary receive(InputStream backup, ProgressView view) throws IOException {
        return write(view, out -> {
            view.show(0, "waiting for the service, which verifies its rows");
            InputStream copying = new BufferedInputStream(new ReceivedBytes(backup, out), BUFFER);
            try (BackupReader reader = new BackupReader(copying, path.toString())) {
                readAll(reader, view, Step.COPYING);
            }
        });
    }

    /**
     * Writes a backup of a store as {@link #receive} does.
     *
     * @param payloadBytes size of the payloads of all rows, at least approximately
     */
    public BackupSummary write(BackupStream backup, long payloadBytes, ProgressView view) throws IOException {
        return write(view, out -> {
            BackupProgress progress = new BackupProgress(view, Step.COPYING, payloadBytes);
            long written = 0;
            for (Optional<ByteString> chunk = backup.next(); chunk.isPresent(); chunk = backup.next()) {
                out.write(chunk.get().toArrayUnsafe());
                written += chunk.get().size();
                progress.bytes(written);
            }
        });
    }

    private BackupSummary write(ProgressView view, IOConsumer<OutputStream> content) throws IOException {
        List<BackupSummary> verified = new ArrayList<>();
        AtomicFile.writePrivate(path, content, complete -> verified.add(verify(complete, view, Step.VERIFYING)));
        return verified.getFirst();
    }

    /**
     * Reads and verifies the whole backup.
     *
     * @throws BackupException if the backup is damaged or incomplete
     * @throws InputException if there is no such file, or it is a pipe
     */
    public BackupSummary verify(ProgressView view) throws IOException {
        return verify(path, view, Step.ONLY);
    }

    private BackupSummary verify(Path file, ProgressView view, Step step) throws IOException {
        try (BackupReader reader = open(file)) {
            return readAll(reader, view, step);
        }
    }

    private static BackupSummary readAll(BackupReader reader, ProgressView view, Step step) throws IOException {
        BackupProgress progress = new BackupProgress(view, step, reader.header().payloadBytes());
        while (reader.next().isPresent()) {
            progress.bytes(reader.bytesRead());
        }
        BackupSummary summary = reader.verify();
        progress.complete(summary.bytes());
        return summary;
    }

    /**
     * Restores the backup into a place, and shows how much of it has been copied and how much of that verified.
     *
     * @throws BackupException if the backup is damaged or incomplete
     * @throws InputException if there is no such file, or it is a pipe, or as {@link StorePlace#restore} does
     */
    public BackupSummary restoreInto(StorePlace place, ProgressView view) throws IOException {
        try (BackupReader reader = open(path)) {
            return place.restore(
                    reader,
                    new BackupProgress(view, Step.COPYING, Files.size(path))::bytes,
                    BackupProgress.ofRows(view, Step.VERIFYING));
        }
    }

    /** Opens a file with the content of the backup. Messages name the path of the backup, even if the file differs. */
    private BackupReader open(Path file) throws IOException {
        if (!Files.exists(file) || Files.isDirectory(file)) {
            throw new InputException("the backup file " + file + " does not exist, or is a folder: correct its path");
        }
        if (!Files.isRegularFile(file)) { // it is read twice: to verify it, and to restore it
            throw new InputException("the backup " + file
                    + " is a pipe or a device, which can be read only once: write the backup to a file first");
        }
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            return new BackupReader(bytes, path.toString());
        } catch (IOException | BackupException failure) {
            bytes.close();
            throw failure;
        }
    }

    /**
     * Copies all bytes that arrive over a connection to another stream. A failure of the connection is a
     * {@link BackupException}; a failure of the copy stays an {@link IOException}.
     */
    private static final class ReceivedBytes extends TeeInputStream {

        ReceivedBytes(InputStream connection, OutputStream copy) {
            super(connection, copy);
        }

        @Override
        protected void handleIOException(IOException failure) {
            throw new BackupException("the backup is not complete: " + failure.getMessage(), failure);
        }
    }
}
