package dev.reverie.streams.http;

import dev.reverie.streams.decode.IngestLimits;
import java.time.Duration;
import java.util.Optional;

/** Builds HTTP settings from the defaults, for a server on a free local port. */
final class SettingsBuilder {

    private static final HttpSettings DEFAULTS = HttpSettings.on(0);

    private String host = DEFAULTS.host();
    private boolean insecure = DEFAULTS.insecure();
    private int connections = DEFAULTS.connections();
    private Duration headTime = DEFAULTS.headTime();
    private Duration keepAlive = DEFAULTS.keepAlive();
    private Duration bodyTime = DEFAULTS.bodyTime();
    private Duration answerTime = DEFAULTS.answerTime();
    private long answerRate = DEFAULTS.answerRate();
    private Duration idleTime = DEFAULTS.idleTime();
    private Duration backupTime = DEFAULTS.backupTime();
    private Duration heartbeat = DEFAULTS.heartbeat();
    private long maxPendingBytes = DEFAULTS.maxPendingBytes();
    private int batchImages = DEFAULTS.batchImages();
    private IngestLimits limits = DEFAULTS.limits();

    /** Listens on all network interfaces. */
    SettingsBuilder onAllInterfaces() {
        host = "0.0.0.0";
        return this;
    }

    SettingsBuilder insecure(boolean allowed) {
        insecure = allowed;
        return this;
    }

    SettingsBuilder connections(int limit) {
        connections = limit;
        return this;
    }

    /** Sets the time limit for the head of every request. */
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

    SettingsBuilder answerRate(long bytesPerSecond) {
        answerRate = bytesPerSecond;
        return this;
    }

    SettingsBuilder idleTime(Duration time) {
        idleTime = time;
        return this;
    }

    SettingsBuilder backupTime(Duration time) {
        backupTime = time;
        return this;
    }

    SettingsBuilder heartbeat(Duration time) {
        heartbeat = time;
        return this;
    }

    SettingsBuilder maxPendingBytes(long limit) {
        maxPendingBytes = limit;
        return this;
    }

    SettingsBuilder batchImages(int limit) {
        batchImages = limit;
        return this;
    }

    SettingsBuilder limits(IngestLimits ofDeliveries) {
        limits = ofDeliveries;
        return this;
    }

    HttpSettings build() {
        return new HttpSettings(
                host,
                DEFAULTS.port(),
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
                Optional.empty());
    }
}
