package dev.reverie.streams.http;

import dev.reverie.streams.decode.IngestLimits;
import java.time.Duration;

/** Settings of a server on any free port of this machine, the usual ones but for what is said otherwise. */
final class SettingsBuilder {

    private static final HttpSettings USUAL = HttpSettings.on(0);

    private String host = USUAL.host();
    private boolean insecure = USUAL.insecure();
    private int connections = USUAL.connections();
    private Duration headTime = USUAL.headTime();
    private Duration keepAlive = USUAL.keepAlive();
    private Duration bodyTime = USUAL.bodyTime();
    private Duration answerTime = USUAL.answerTime();
    private Duration heartbeat = USUAL.heartbeat();
    private long maxPendingBytes = USUAL.maxPendingBytes();
    private int batchImages = USUAL.batchImages();
    private IngestLimits limits = USUAL.limits();

    /** Listens on all addresses of the machine. */
    SettingsBuilder forOtherMachines() {
        host = "0.0.0.0";
        return this;
    }

    SettingsBuilder insecure(boolean allowed) {
        insecure = allowed;
        return this;
    }

    SettingsBuilder connections(int most) {
        connections = most;
        return this;
    }

    /** For the head of every request. */
    SettingsBuilder headTime(Duration time) {
        headTime = time;
        keepAlive = time;
        return this;
    }

    SettingsBuilder bodyTime(Duration time) {
        bodyTime = time;
        return this;
    }

    SettingsBuilder answerTime(Duration time) {
        answerTime = time;
        return this;
    }

    SettingsBuilder heartbeat(Duration time) {
        heartbeat = time;
        return this;
    }

    SettingsBuilder maxPendingBytes(long most) {
        maxPendingBytes = most;
        return this;
    }

    SettingsBuilder batchImages(int most) {
        batchImages = most;
        return this;
    }

    SettingsBuilder limits(IngestLimits ofDeliveries) {
        limits = ofDeliveries;
        return this;
    }

    HttpSettings build() {
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
                maxPendingBytes,
                batchImages,
                limits);
    }
}
