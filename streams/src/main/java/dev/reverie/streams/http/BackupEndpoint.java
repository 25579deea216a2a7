package dev.reverie.streams.http;

import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.ServiceBackup;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Streams a backup of the store. */
final class BackupEndpoint {

    private static final ContentType BACKUP =
            ContentTypes.create(MediaTypes.applicationBinary("x-reverie-backup", false, "backup"));

    /** Time within which the response must start to be sent. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

    private final MemoryService service;
    private final Duration timeout;

    /**
     * Creates the endpoint.
     *
     * @param timeout maximum time from the beginning of a backup to its end; afterwards the connection is closed, since
     *     the database keeps deleted rows for as long as a backup runs
     */
    BackupEndpoint(MemoryService service, Duration timeout) {
        this.service = service;
        this.timeout = timeout;
    }

    CompletionStage<HttpResponse> backup() {
        return service.backup().thenApply(this::send);
    }

    private HttpResponse send(ServiceBackup backup) {
        return HttpResponse.create()
                .withEntity(HttpEntities.createChunked(
                        BACKUP,
                        Responses.releasing(backup.content().completionTimeout(timeout), START_TIMEOUT, backup::close)))
                .addHeader(RawHeader.create("Cache-Control", "no-store"))
                .addHeader(RawHeader.create("Content-Disposition", "attachment; filename=\"reverie.backup\""));
    }
}
