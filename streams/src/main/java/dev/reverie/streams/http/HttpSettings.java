package dev.reverie.streams.http;

import dev.reverie.streams.decode.IngestLimits;
import java.time.Duration;

/**
 * Where and how patiently a service listens.
 *
 * @param host name or address to listen on
 * @param port 0 for any that is free
 * @param insecure whether others than this machine may come without a token
 * @param connections open at once; more have to wait
 * @param headTime for the head of the first request of a connection
 * @param keepAlive for the head of each further one
 * @param bodyTime for the body of a request
 * @param answerTime for the service to answer
 * @param idleTime after which a connection without a byte in either direction is closed
 * @param heartbeat after which a stream of events without an event shows that it lives; shorter than the idle time
 * @param bytesInHand of deliveries that were not yet answered; as many again of drawn batches that were not yet read
 * @param batchImages that may be drawn from the memory at once
 */
public record HttpSettings(
        String host,
        int port,
        boolean insecure,
        int connections,
        Duration headTime,
        Duration keepAlive,
        Duration bodyTime,
        Duration answerTime,
        Duration idleTime,
        Duration heartbeat,
        long bytesInHand,
        int batchImages,
        IngestLimits limits) {

    public HttpSettings {
        if (connections < 1 || batchImages < 1) {
            throw new IllegalArgumentException("there is at least one connection, and one image in a batch");
        }
        if (bytesInHand < (long) limits.bodyBytes() + limits.decodedBytes()) {
            throw new IllegalArgumentException("want room for one delivery of the largest size: at least "
                    + ((long) limits.bodyBytes() + limits.decodedBytes()) + " bytes in hand, got " + bytesInHand);
        }
        if (heartbeat.compareTo(idleTime) >= 0) {
            throw new IllegalArgumentException(
                    "a heartbeat comes before the idle time is over, got " + heartbeat + " and " + idleTime);
        }
    }

    /** On this machine only, with the limits that suit a machine of a few gigabytes. */
    public static HttpSettings on(int port) {
        return new HttpSettings(
                "127.0.0.1",
                port,
                false,
                1024,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(15),
                128L << 20,
                4096,
                IngestLimits.defaults());
    }
}
