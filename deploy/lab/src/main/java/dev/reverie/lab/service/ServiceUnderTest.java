package dev.reverie.lab.service;

import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.OptionalInt;

/** A running service that belongs to one experiment and starts with an empty store. */
public interface ServiceUnderTest extends AutoCloseable {

    /** Returns the address, for example {@code http://127.0.0.1:41234}; requests need no token. */
    URI address();

    /** Stops the service; afterwards, the service no longer writes to its store. */
    @Override
    void close();

    /** Starts services. */
    @FunctionalInterface
    interface Factory {

        /**
         * Starts a service and returns when it is ready.
         *
         * @param settings settings of the distillation, which runs until the service is closed
         * @param totalImages maximum total number of stored images, which the service divides among the classes; if
         *     empty, each class has as many as {@code settings} say
         * @param store an empty folder; the caller deletes it after closing the service
         * @throws IOException if the service cannot be started
         */
        ServiceUnderTest start(DistillationSettings settings, OptionalInt totalImages, Path store) throws IOException;
    }
}
