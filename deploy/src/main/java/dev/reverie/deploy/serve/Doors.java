package dev.reverie.deploy.serve;

import dev.reverie.deploy.config.KafkaConfig;
import dev.reverie.deploy.config.ServiceConfig;
import dev.reverie.deploy.config.WatchConfig;
import dev.reverie.deploy.run.InputException;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.folder.FolderDoor;
import dev.reverie.streams.folder.FolderSettings;
import dev.reverie.streams.kafka.KafkaDoor;
import dev.reverie.streams.kafka.KafkaSettings;
import dev.reverie.streams.runtime.LiveService;
import dev.reverie.streams.service.DoorListener;
import dev.reverie.streams.service.MemoryService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** The doors besides HTTP that a configuration opens. */
record Doors(Optional<KafkaDoor> kafka, Optional<FolderDoor> folder) {

    /**
     * Opens them.
     *
     * @param live whose readiness depends on them
     * @param service that they bring samples to
     * @throws InputException if one can't be opened
     */
    static Doors open(ServiceConfig config, LiveService live, MemoryService service, DoorListener listener) {
        IngestLimits limits = config.limits().ingest();
        Optional<KafkaDoor> kafka = config.kafka()
                .map(wanted -> KafkaDoor.open(live.system(), settings(wanted, limits), service, listener));
        kafka.ifPresent(door -> live.alsoCheck(door::check));
        Optional<FolderDoor> folder =
                config.watch().map(wanted -> watching(live, settings(wanted, limits), service, listener));
        folder.ifPresent(door -> live.alsoCheck(door::check));
        return new Doors(kafka, folder);
    }

    private static FolderDoor watching(
            LiveService live, FolderSettings settings, MemoryService service, DoorListener listener) {
        try {
            return FolderDoor.open(live.system(), settings, service, listener);
        } catch (IllegalArgumentException e) {
            throw new InputException("reverie.watch.folder: " + e.getMessage());
        }
    }

    private static KafkaSettings settings(KafkaConfig wanted, IngestLimits limits) {
        return KafkaSettings.of(
                        wanted.bootstrapServers(),
                        wanted.topic(),
                        wanted.group(),
                        wanted.deadLetterTopic(),
                        wanted.properties())
                .with(limits);
    }

    private static FolderSettings settings(WatchConfig wanted, IngestLimits limits) {
        return FolderSettings.of(wanted.folder(), wanted.after()).with(limits);
    }

    /** Takes nothing more; completes when what is in hand is settled, or the grace is over. */
    CompletionStage<Done> stop(Duration grace) {
        CompletionStage<Done> none = CompletableFuture.completedStage(Done.getInstance());
        return kafka.map(door -> door.stop(grace))
                .orElse(none)
                .thenCombine(folder.map(door -> door.stop(grace)).orElse(none), (one, other) -> one);
    }
}
