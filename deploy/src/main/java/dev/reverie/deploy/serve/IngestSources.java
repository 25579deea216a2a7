package dev.reverie.deploy.serve;

import dev.reverie.deploy.config.ConfiguredFiles;
import dev.reverie.deploy.config.ServiceConfig;
import dev.reverie.deploy.run.InputException;
import dev.reverie.streams.folder.FolderSettings;
import dev.reverie.streams.folder.WatchedFolder;
import dev.reverie.streams.kafka.KafkaIngest;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.service.IngestListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;

/** A service's ingest sources other than HTTP, namely Kafka and a folder. */
record IngestSources(Optional<KafkaIngest> kafka, Optional<WatchedFolder> folder) {

    /**
     * Opens the configured ingest sources.
     *
     * @param service the service to which the ingest sources send samples, and whose readiness depends on them
     * @param nanos counts nanoseconds, as {@link System#nanoTime}
     * @throws dev.reverie.deploy.config.ConfigurationException if the file with Kafka properties cannot be read, or the
     *     folder to watch is not a readable folder
     * @throws InputException if the folder to watch cannot be opened for another reason
     * @throws java.io.UncheckedIOException if the folder to watch is missing
     */
    static IngestSources open(
            ServiceConfig config, ActorMemoryService service, IngestListener listener, LongSupplier nanos) {
        Optional<KafkaIngest> kafka = config.kafka()
                .map(settings -> new KafkaIngest(
                        service.system(),
                        settings.withProperties(ConfiguredFiles.kafkaProperties(config)),
                        service,
                        listener));
        kafka.ifPresent(source -> service.addReadinessCheck(source::check));
        Optional<WatchedFolder> folder = config.watch().map(settings -> watching(settings, service, listener, nanos));
        folder.ifPresent(source -> service.addReadinessCheck(source::check));
        return new IngestSources(kafka, folder);
    }

    private static WatchedFolder watching(
            FolderSettings settings, ActorMemoryService service, IngestListener listener, LongSupplier nanos) {
        try {
            return WatchedFolder.open(service.system(), settings, service, listener, nanos);
        } catch (IllegalArgumentException e) {
            ConfiguredFiles.requireFolder(
                    settings); // fails differently if the folder is missing, as when its drive is not mounted
            throw new InputException("reverie.watch.folder: " + e.getMessage());
        }
    }

    /** Stops reading; completes when all pending deliveries are settled or the grace period is over. */
    CompletionStage<Done> stop(Duration grace) {
        CompletionStage<Done> none = CompletableFuture.completedStage(Done.getInstance());
        return kafka.map(source -> source.stop(grace))
                .orElse(none)
                .thenCombine(folder.map(source -> source.stop(grace)).orElse(none), (one, other) -> one);
    }
}
