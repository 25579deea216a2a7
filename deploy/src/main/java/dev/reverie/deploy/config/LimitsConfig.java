package dev.reverie.deploy.config;

import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.streams.decode.IngestLimits;
import java.time.Duration;
import java.util.Optional;

/**
 * The limits on incoming and stored data.
 *
 * @param ingest limits on one delivery
 * @param intake limits on all data that the service holds
 */
public record LimitsConfig(IngestLimits ingest, IntakeLimits intake) {

    private static final int MILLION = 1_000_000;
    private static final int HUNDRED_MILLION = 100 * MILLION;
    private static final int MAX_RATIO = 100_000;
    /** Percent-encoded in 12 characters each, so many code points fit into the path of a class. */
    private static final int MAX_LABEL_LENGTH = 512;

    private static final int MAX_ID_LENGTH = 1024;
    private static final AllowedRange<Duration> MAX_AGE =
            AllowedRange.durations(Duration.ZERO, Duration.ofDays(3650), "0 s to 3650 d");

    static LimitsConfig read(ConfigSection limits, ConfigSection reservoir) {
        return new LimitsConfig(ingest(limits), intake(limits, reservoir));
    }

    private static IngestLimits ingest(ConfigSection limits) {
        return new IngestLimits(
                limits.bytesOfOne("body"),
                limits.integer("images", 1, MILLION),
                limits.integer("pixels", 1, HUNDRED_MILLION),
                limits.bytesOfOne("unpacked"),
                limits.integer("unpack-ratio", 1, MAX_RATIO),
                limits.integer("label-length", 1, MAX_LABEL_LENGTH),
                limits.integer("id-length", 1, MAX_ID_LENGTH),
                limits.bytesOfOne("line"));
    }

    private static IntakeLimits intake(ConfigSection limits, ConfigSection reservoir) {
        return new IntakeLimits(
                limits.integer("classes", 1, MILLION),
                limits.integer("images-per-class", 1, MILLION),
                limits.bytes("bytes-per-class", AllowedRange.KIBIBYTE, AllowedRange.GIBIBYTE),
                limits.bytes("reservoir", AllowedRange.KIBIBYTE, AllowedRange.TEBIBYTE),
                limits.integer("repetitions-per-class", 0, HUNDRED_MILLION),
                limits.whole("repetitions", AllowedRange.whole(0, 100L * HUNDRED_MILLION)),
                limits.bytes("bytes-in-flight", AllowedRange.KIBIBYTE, 64 * AllowedRange.GIBIBYTE),
                Optional.of(reservoir.duration("max-age", MAX_AGE)).filter(Duration::isPositive));
    }
}
