package dev.reverie.streams.http;

import dev.reverie.streams.decode.IngestLimits;
import java.time.Duration;
import java.util.function.Consumer;

/** Settings of a server on any free port, which are the usual ones unless they are changed. */
final class ServerSettings {

    private static final HttpSettings USUAL = HttpSettings.on(0);

    String host = USUAL.host();
    boolean insecure = USUAL.insecure();
    int connections = USUAL.connections();
    Duration headTime = USUAL.headTime();
    Duration keepAlive = USUAL.keepAlive();
    Duration bodyTime = USUAL.bodyTime();
    Duration answerTime = USUAL.answerTime();
    Duration heartbeat = USUAL.heartbeat();
    long bytesInHand = USUAL.bytesInHand();
    int batchImages = USUAL.batchImages();
    IngestLimits limits = USUAL.limits();

    private ServerSettings() {}

    static HttpSettings usualBut(Consumer<ServerSettings> change) {
        ServerSettings changed = new ServerSettings();
        change.accept(changed);
        return changed.toHttp();
    }

    private HttpSettings toHttp() {
        return new HttpSettings(
                host,
                USUAL.port(),
                insecure,
                connections,
                headTime,
                keepAlive,
                bodyTime,
                answerTime,
                USUAL.idleTime(),
                heartbeat,
                bytesInHand,
                batchImages,
                limits);
    }
}
