package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** A running service that belongs to one experiment, and knows nothing at its start. */
public interface ServiceUnderTest extends AutoCloseable {

    /** Where it listens, for example {@code http://127.0.0.1:41234}; everyone may do everything there. */
    URI address();

    /** Stops it; nothing is written to its store any more. */
    @Override
    void close();

    /** Starts services. */
    @FunctionalInterface
    interface Factory {

        /**
         * Starts a service and returns when it is ready.
         *
         * @param settings by which it distils; it does so until it is closed
         * @param store an empty folder, deleted after the service is closed
         * @throws IOException if it cannot be started
         */
        ServiceUnderTest start(DistillationSettings settings, Path store) throws IOException;
    }
}
