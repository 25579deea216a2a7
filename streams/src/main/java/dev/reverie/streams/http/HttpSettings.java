package dev.reverie.streams.http;

import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.streams.decode.IngestLimits;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.Optional;

/**
 * The address, timeouts and limits of the HTTP server.
 *
 * @param host host name or IP address to listen on
 * @param port port to listen on, or 0 for any free port
 * @param insecure whether remote clients may connect even if no tokens are configured
 * @param connections maximum number of open connections; further clients wait
 * @param headTime timeout for receiving the headers of the first request on a connection
 * @param keepAlive timeout for receiving the headers of each further request on a connection
 * @param bodyTime timeout for receiving the body of a request
 * @param answerTime timeout for the start of the service's response, and part of the time for reading it
 * @param answerRate size in bytes of a response for which a client has a further second to read it
 * @param idleTime timeout for a connection without traffic
 * @param backupTime timeout for a backup, from its beginning to its last byte
 * @param heartbeat time without data after which an event stream sends a comment; must be shorter than the idle timeout
 * @param maxPendingBytes maximum total size, in bytes, of the deliveries not yet answered; the same limit applies
 *     separately to the answers being sent
 * @param batchImages maximum number of images in a batch drawn from the memory
 * @param resizing brings all images to one size; if empty, they keep their sizes
 */
@RecordBuilder
@RecordBuilder.Options(addClassRetainedGenerated = true, addFunctionalMethodsToWith = false)
public record HttpSettings(
        String host,
        int port,
        boolean insecure,
        int connections,
        Duration headTime,
        Duration keepAlive,
        Duration bodyTime,
        Duration answerTime,
        long answerRate,
        Duration idleTime,
        Duration backupTime,
        Duration heartbeat,
        long maxPendingBytes,
        int batchImages,
        IngestLimits limits,
        Optional<Resizing> resizing)
        implements HttpSettingsBuilder.With {

    /** A quarter of the time after which a client of a backup takes a silent service for failed. */
    private static final Duration MAX_BACKUP_HEARTBEAT = Duration.ofSeconds(15);

    public HttpSettings {
        if (answerRate < 1) {
            throw new IllegalArgumentException("answer-rate must be at least 1, got " + answerRate);
        }
        if (connections < 1 || batchImages < 1) {
            throw new IllegalArgumentException(
                    "connections and batch-images must be at least 1, got " + connections + " and " + batchImages);
        }
        if (maxPendingBytes < (long) limits.bodyBytes() + limits.decodedBytes()) {
            throw new IllegalArgumentException(
                    "bytes-in-hand must be large enough for one delivery of the maximum size: set it to at least "
                            + ((long) limits.bodyBytes() + limits.decodedBytes()) + " bytes, not " + maxPendingBytes);
        }
        if (heartbeat.compareTo(idleTime) >= 0) {
            throw new IllegalArgumentException(
                    "heartbeat must be shorter than idle-time, got " + heartbeat + " and " + idleTime);
        }
    }

    /** Time without data after which a backup sends a byte without meaning: the heartbeat, but at most 15 s. */
    Duration backupHeartbeat() {
        return heartbeat.compareTo(MAX_BACKUP_HEARTBEAT) < 0 ? heartbeat : MAX_BACKUP_HEARTBEAT;
    }

    /**
     * Returns the default settings for a port: the server listens on the loopback interface only, and the limits suit a
     * machine with a few gigabytes of memory.
     */
    public static HttpSettings on(int port) {
        return HttpSettingsBuilder.builder()
                .host("127.0.0.1")
                .port(port)
                .insecure(false)
                .connections(1024)
                .headTime(Duration.ofSeconds(5))
                .keepAlive(Duration.ofSeconds(10))
                .bodyTime(Duration.ofSeconds(30))
                .answerTime(Duration.ofSeconds(30))
                .answerRate(128 << 10)
                .idleTime(Duration.ofSeconds(60))
                .backupTime(Duration.ofMinutes(30))
                .heartbeat(Duration.ofSeconds(15))
                .maxPendingBytes(128L << 20)
                .batchImages(4096)
                .limits(IngestLimits.defaults())
                .resizing(Optional.empty())
                .build();
    }
}
