package dev.reverie.deploy.config;

import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.http.HttpSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the API listens, to whom, and how patiently; as {@link HttpSettings}, which has the limits of deliveries
 * besides.
 *
 * @param tokensFile whose holders are known; see {@link AccessFiles}
 * @param tls for HTTPS instead of HTTP
 */
public record HttpConfig(
        String host,
        int port,
        boolean insecure,
        Optional<Path> tokensFile,
        Optional<Tls> tls,
        int connections,
        Duration headTime,
        Duration keepAlive,
        Duration bodyTime,
        Duration answerTime,
        Duration idleTime,
        Duration heartbeat,
        long bytesInHand,
        int batchImages) {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_CONNECTIONS = 65_536;
    private static final int MAX_BATCH = 1_000_000;

    /**
     * PEM files.
     *
     * @param certificate followed by those that vouch for it
     * @param key not encrypted
     */
    public record Tls(Path certificate, Path key) {}

    static HttpConfig read(ConfigSection http) {
        return new HttpConfig(
                http.text("host"),
                http.integer("port", 0, MAX_PORT),
                http.flag("insecure"),
                http.optionalPath("tokens-file"),
                tls(http.at("tls")),
                http.integer("connections", 1, MAX_CONNECTIONS),
                http.duration("head-time", AllowedRange.PATIENCE),
                http.duration("keep-alive", AllowedRange.PATIENCE),
                http.duration("body-time", AllowedRange.PATIENCE),
                http.duration("answer-time", AllowedRange.PATIENCE),
                http.duration("idle-time", AllowedRange.PATIENCE),
                http.duration("heartbeat", AllowedRange.PATIENCE),
                http.bytes("bytes-in-hand", AllowedRange.KIBIBYTE, 64 * AllowedRange.GIBIBYTE),
                http.integer("batch-images", 1, MAX_BATCH));
    }

    private static Optional<Tls> tls(ConfigSection tls) {
        Optional<Path> certificate = tls.optionalPath("certificate");
        Optional<Path> key = tls.optionalPath("key");
        tls.require(certificate.isPresent() || key.isEmpty(), "certificate", "want the certificate of the key, too");
        tls.require(key.isPresent() || certificate.isEmpty(), "key", "want the key of the certificate, too");
        return certificate.flatMap(chain -> key.map(secret -> new Tls(chain, secret)));
    }

    /**
     * As the API takes them.
     *
     * @throws IllegalArgumentException if they do not go together
     */
    public HttpSettings settings(IngestLimits limits) {
        return new HttpSettings(
                host,
                port,
                insecure,
                connections,
                headTime,
                keepAlive,
                bodyTime,
                answerTime,
                idleTime,
                heartbeat,
                bytesInHand,
                batchImages,
                limits);
    }
}
