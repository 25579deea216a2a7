package dev.reverie.deploy.config;

import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.http.HttpSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of the HTTP API: address, access, timeouts and limits. {@link HttpSettings}, which adds the limits on
 * deliveries, describes the other components.
 *
 * @param tokensFile file with the tokens of clients; see {@link AccessFiles}
 * @param tls files for HTTPS; empty for HTTP
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
        long answerRate,
        Duration idleTime,
        Duration backupTime,
        Duration heartbeat,
        long maxPendingBytes,
        int batchImages) {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_CONNECTIONS = 65_536;
    private static final int MAX_BATCH = 1_000_000;

    /**
     * The PEM files for HTTPS.
     *
     * @param certificate file with the certificate, followed by any intermediate certificates
     * @param key file with the private key, as unencrypted PKCS#8
     */
    public record Tls(Path certificate, Path key) {}

    static HttpConfig read(ConfigSection http) {
        return new HttpConfig(
                withoutBrackets(http.text("host")),
                http.integer("port", 0, MAX_PORT),
                http.flag("insecure"),
                http.optionalPath("tokens-file"),
                tls(http.at("tls")),
                http.integer("connections", 1, MAX_CONNECTIONS),
                http.duration("head-time", AllowedRange.TIMEOUT),
                http.duration("keep-alive", AllowedRange.TIMEOUT),
                http.duration("body-time", AllowedRange.TIMEOUT),
                http.duration("answer-time", AllowedRange.TIMEOUT),
                http.bytes("answer-rate", AllowedRange.KIBIBYTE, AllowedRange.GIBIBYTE),
                http.duration("idle-time", AllowedRange.TIMEOUT),
                http.duration("backup-time", AllowedRange.TIMEOUT),
                http.duration("heartbeat", AllowedRange.TIMEOUT),
                http.bytes("bytes-in-hand", AllowedRange.KIBIBYTE, 64 * AllowedRange.GIBIBYTE),
                http.integer("batch-images", 1, MAX_BATCH));
    }

    /** Removes the brackets of an IPv6 address, which it has in a URL only. */
    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static Optional<Tls> tls(ConfigSection tls) {
        Optional<Path> certificate = tls.optionalPath("certificate");
        Optional<Path> key = tls.optionalPath("key");
        tls.require(certificate.isPresent() || key.isEmpty(), "certificate", "set the certificate of the key, too");
        tls.require(key.isPresent() || certificate.isEmpty(), "key", "set the key of the certificate, too");
        return certificate.flatMap(chain -> key.map(secret -> new Tls(chain, secret)));
    }

    /**
     * Combines these settings with the limits on deliveries and the size of images.
     *
     * @throws IllegalArgumentException if the settings contradict each other
     */
    public HttpSettings settings(IngestLimits limits, Optional<Resizing> resizing) {
        return new HttpSettings(
                host,
                port,
                insecure,
                connections,
                headTime,
                keepAlive,
                bodyTime,
                answerTime,
                answerRate,
                idleTime,
                backupTime,
                heartbeat,
                maxPendingBytes,
                batchImages,
                limits,
                resizing);
    }
}
