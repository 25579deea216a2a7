package dev.reverie.streams.runtime;

import dev.reverie.actors.backup.BackupStream;
import dev.reverie.actors.registry.RegistryCheck;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.store.StoreSnapshot;
import dev.reverie.streams.service.MemoryService.ServiceBackup;
import dev.reverie.streams.service.ServiceException.StoreDamagedException;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes backups of the store of a running service, one at a time. Thread safe. */
final class StoreBackups {

    private static final Logger LOG = LoggerFactory.getLogger(StoreBackups.class);

    private final Store store;
    private final InstantSource clock;
    /** Runs tasks that wait for the database. */
    private final Executor blocking;

    private final AtomicBoolean running = new AtomicBoolean();

    StoreBackups(Store store, InstantSource clock, Executor blocking) {
        this.store = store;
        this.clock = clock;
        this.blocking = blocking;
    }

    /**
     * Begins a backup.
     *
     * @return fails with an {@link UnavailableException} if another backup has not ended or the store cannot be read,
     *     and with a {@link StoreDamagedException} if the store is known to be damaged
     */
    CompletionStage<ServiceBackup> begin() {
        if (!running.compareAndSet(false, true)) {
            return CompletableFuture.failedStage(new UnavailableException(
                    "the service is sending another backup: try again when that backup has ended"));
        }
        return CompletableFuture.completedFuture(store)
                .thenApplyAsync(this::open, blocking)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        running.set(false);
                    }
                });
    }

    private ServiceBackup open(Store store) {
        try {
            return new Running(BackupStream.of(snapshot(store), clock.instant()), blocking, () -> running.set(false));
        } catch (StoreException failure) {
            String message = String.valueOf(failure.getMessage());
            throw StoreFailure.of(failure) == StoreFailure.DAMAGED
                    ? new StoreDamagedException(message)
                    : new UnavailableException(message);
        }
    }

    private static StoreSnapshot snapshot(Store store) {
        StoreSnapshot snapshot = store.snapshot();
        try {
            RegistryCheck.requireNoneMissing(snapshot);
            return snapshot;
        } catch (RuntimeException | Error failure) {
            snapshot.close();
            throw failure;
        }
    }

    /** A backup whose bytes are read from the database on a thread for blocking calls. */
    private static final class Running implements ServiceBackup {

        private final BackupStream stream;
        private final Executor blocking;
        private final Runnable onClose;
        private final AtomicBoolean closed = new AtomicBoolean();

        Running(BackupStream stream, Executor blocking, Runnable onClose) {
            this.stream = stream;
            this.blocking = blocking;
            this.onClose = onClose;
        }

        @Override
        public Source<ByteString, NotUsed> content() {
            return Source.unfoldResource(() -> stream, Running::next, BackupStream::close);
        }

        /** A backup that cannot be completed says why, so that its reader does not look for a broken connection. */
        private static Optional<ByteString> next(BackupStream stream) {
            try {
                return stream.next();
            } catch (StoreException failure) {
                LOG.warn("A backup ended early: {}", failure.getMessage());
                return Optional.of(stream.abort(String.valueOf(failure.getMessage())));
            }
        }

        /** Ends the transaction on a thread for blocking calls, since that waits for the row that is being read. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                try {
                    blocking.execute(this::end);
                } catch (RejectedExecutionException terminated) {
                    end(); // the service is stopping
                }
            }
        }

        private void end() {
            try {
                stream.close();
            } finally {
                onClose.run();
            }
        }
    }
}
