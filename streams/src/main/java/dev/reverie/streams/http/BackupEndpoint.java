package dev.reverie.streams.http;

import dev.reverie.actors.backup.BackupStream;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.ServiceBackup;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Streams a backup of the store. */
final class BackupEndpoint {

    private static final ContentType BACKUP =
            ContentTypes.create(MediaTypes.applicationBinary("x-reverie-backup", false, "backup"));

    private final MemoryService service;
    private final ResponseDeadline deadline;
    private final Duration timeout;
    private final Duration heartbeat;

    /**
     * Creates the endpoint.
     *
     * @param deadline limits the time until a backup begins
     * @param timeout maximum time from the beginning of a backup to its end; afterwards the connection is closed, since
     *     the database keeps deleted rows for as long as a backup runs
     * @param heartbeat time without bytes of the backup after which a byte without meaning is sent, so that nobody
     *     takes the connection for broken while the service verifies its store
     */
    BackupEndpoint(MemoryService service, ResponseDeadline deadline, Duration timeout, Duration heartbeat) {
        this.service = service;
        this.deadline = deadline;
        this.timeout = timeout;
        this.heartbeat = heartbeat;
    }

    CompletionStage<HttpResponse> backup() {
        CompletionStage<ServiceBackup> begun = service.backup();
        return deadline.await(begun)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        begun.thenAccept(ServiceBackup::close); // it may begin later, when nobody reads it
                    }
                })
                .thenApply(this::send);
    }

    private HttpResponse send(ServiceBackup backup) {
        Source<ByteString, NotUsed> content = backup.content()
                .prefixAndTail(1)
                .flatMapConcat(parts -> Source.from(parts.first())
                        .concat(parts.second().keepAlive(heartbeat, () -> BackupStream.FILLER)))
                .completionTimeout(timeout);
        return HttpResponse.create()
                .withEntity(HttpEntities.createChunked(
                        BACKUP, Responses.releasing(content, Responses.START_TIMEOUT, backup::close)))
                .addHeader(RawHeader.create("Cache-Control", "no-store"))
                .addHeader(RawHeader.create("Content-Disposition", "attachment; filename=\"reverie.backup\""));
    }
}
