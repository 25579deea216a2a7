package dev.reverie.streams.folder;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Measures one scan of a folder, and lets the next one wait in proportion, so that a folder with many files does not
 * keep its drive and a processor busy.
 */
final class ScanPause {

    /** The pause, as a multiple of the scan before it. */
    private static final int MULTIPLE = 5;

    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** Counts nanoseconds, as {@link System#nanoTime}. */
    private final LongSupplier nanos;

    private long scanned;

    @FunctionalInterface
    interface Step<T> {
        T run() throws IOException;
    }

    ScanPause(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Runs a step of the scan. The time between the steps does not count, since files are delivered in it. */
    <T> T timed(Step<T> step) throws IOException {
        long start = nanos.getAsLong();
        try {
            return step.run();
        } finally {
            scanned += nanos.getAsLong() - start;
        }
    }

    <T> Source<T, NotUsed> after(Source<T, NotUsed> scan) {
        return scan.concatLazy(Source.lazySource(() -> Source.<T>never().takeWithin(length())));
    }

    Duration length() {
        return Collections.min(List.of(LONGEST, Duration.ofNanos(scanned).multipliedBy(MULTIPLE)));
    }
}
