package dev.reverie.lab.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Asks;
import dev.reverie.actors.telemetry.TelemetryActor;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.tensor.KernelTimer;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.monitoring.DistillationMetrics;
import dev.reverie.monitoring.MetricsExposition;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorSystem;

/** Measures the cost of telemetry and metrics in an inner loop. */
record TelemetryCostMeter(LoopTimer loop) {

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MICROS_PER_MILLI = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double SCRAPE_INTERVAL_MS = 15_000;
    private static final int EVENTS = 200_000;
    private static final int CALLS = 1_000_000;
    private static final int SCRAPES = 50;
    private static final int REPEATS = 5;

    /** The metrics of a run, the events that it published, and the number of kernel calls. */
    private static final class Observation {

        private final MetricsExposition exposition = new MetricsExposition();
        private final DistillationMetrics metrics;
        private final List<TelemetryEvent> events = new ArrayList<>();
        private final LongAdder clockReads = new LongAdder();
        private final KernelTimer kernels;

        Observation(LongSupplier nanos, InstantSource clock) {
            metrics = new DistillationMetrics(exposition.registry(), clock);
            kernels = new KernelTimer(() -> {
                clockReads.increment();
                return nanos.getAsLong();
            });
        }

        /** Returns the number of kernel calls; each call reads the clock at its start and at its end. */
        double kernelCalls() {
            return clockReads.sum() / 2.0;
        }
    }

    /** Measures an inner loop with metrics, and then the cost of an event, a kernel timing and a scrape. */
    TelemetryCost measure() {
        LoopBench bench = loop.bench();
        bench.warmUp()
                .run(bench.warmUp().dataset(), 1, loop.device(), UnaryOperator.identity(), List.of(), loop.clock());
        Observation seen = new Observation(loop.nanos(), loop.clock());
        int loops = loop.repeats() * bench.interval();
        LoopTimer.Recorder times = new LoopTimer.Recorder(loops, loop.onProgress(), () -> {});
        bench.run(
                bench.dataset(),
                loop.repeats(),
                seen.kernels.timing(loop.device()),
                UnaryOperator.identity(),
                List.of(seen.metrics, seen.events::add, times),
                loop.clock());
        times.requireNoFailures();
        return cost(BenchReport.Times.of(times.millis(loop.repeats())), loops, seen);
    }

    /** Measures the cost of each event, kernel timing and scrape, and adds them up. */
    private TelemetryCost cost(BenchReport.Times ms, int loops, Observation seen) {
        double events = seen.events.size() / (double) loops;
        double publishNanos = publishNanos(seen.events);
        DistillationMetrics metrics = new DistillationMetrics(new MetricsExposition().registry(), loop.clock());
        double updateNanos = shortestNanos(() -> replay(seen.events, metrics)) / EVENTS;
        double eventMicros = (publishNanos + updateNanos) / NANOS_PER_MICRO;
        double kernelCalls = seen.kernelCalls() / loops;
        double kernelCallNanos = timingNanos(loop.device());
        double scrapeMs = scrapeNanos(seen.exposition) / NANOS_PER_MILLI;
        double costMs = events * eventMicros / MICROS_PER_MILLI + kernelCalls * kernelCallNanos / NANOS_PER_MILLI;
        return new TelemetryCost(
                loop.bench(),
                ms,
                events,
                eventMicros,
                kernelCalls,
                kernelCallNanos,
                scrapeMs,
                costMs / ms.median() + scrapeMs / SCRAPE_INTERVAL_MS);
    }

    /** Returns the nanoseconds that it takes to publish an event to a telemetry actor without listeners. */
    private double publishNanos(List<TelemetryEvent> events) {
        ActorSystem<TelemetryActor.Command> actor =
                ActorSystem.create(TelemetryActor.create(List.of()), "telemetry", ConfigFactory.load("reverie"));
        try {
            TelemetryListener publisher = TelemetryActor.publisher(actor);
            return shortestNanos(() -> {
                        replay(events, publisher);
                        Asks.ask(actor, TelemetryActor.Flush::new, actor.scheduler())
                                .toCompletableFuture()
                                .join();
                    })
                    / EVENTS;
        } finally {
            actor.terminate();
        }
    }

    private static void replay(List<TelemetryEvent> events, TelemetryListener listener) {
        for (int i = 0; i < EVENTS; i++) {
            listener.on(events.get(i % events.size()));
        }
    }

    private double timingNanos(Kernels device) {
        Kernels timed = new KernelTimer(loop.nanos()).timing(device);
        try (Tensor x = device.allocate(1);
                Tensor y = device.allocate(1)) {
            x.fill(0);
            y.fill(0);
            double with = shortestNanos(() -> repeat(timed, x, y));
            double without = shortestNanos(() -> repeat(device, x, y));
            return Math.max(0, with - without) / CALLS;
        }
    }

    private static void repeat(Kernels kernels, Tensor x, Tensor y) {
        for (int i = 0; i < CALLS; i++) {
            kernels.add(x, y);
        }
    }

    private double scrapeNanos(MetricsExposition exposition) {
        return shortestNanos(() -> {
                    for (int i = 0; i < SCRAPES; i++) {
                        exposition.page("");
                    }
                })
                / SCRAPES;
    }

    /**
     * Returns the nanoseconds of the shortest repeat: the first repeats warm up the JVM, and the shortest contains the
     * least noise.
     */
    private double shortestNanos(Runnable work) {
        double shortest = Double.POSITIVE_INFINITY;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            long start = loop.nanos().getAsLong();
            work.run();
            shortest = Math.min(shortest, (double) (loop.nanos().getAsLong() - start));
        }
        return shortest;
    }

    /**
     * The cost of telemetry and metrics in an inner loop.
     *
     * @param ms milliseconds of an inner loop with metrics
     * @param eventMicros microseconds to publish an event and to update the metrics
     * @param scrapeMs milliseconds to produce the response to a scrape
     * @param share the cost as a share of an inner loop, with a scrape every 15 s; the costs on all cores are added up,
     *     as if the cores did not run in parallel
     */
    record TelemetryCost(
            @JsonUnwrapped LoopBench bench,
            BenchReport.Times ms,
            double events,
            double eventMicros,
            double kernelCalls,
            double kernelCallNanos,
            double scrapeMs,
            double share) {

        private static final double PERCENT = 100;

        String table() {
            return String.format(
                    Locale.ROOT,
                    """
                    %s
                      loop     %9.1f ms (median; min %.1f, max %.1f)
                      events   %9.1f per loop, %.2f us each
                      kernels  %9.0f calls per loop, %.0f ns each to time
                      scrape   %9.1f ms
                      total    %9.3f %% of a loop""",
                    bench.title(),
                    ms.median(),
                    ms.min(),
                    ms.max(),
                    events,
                    eventMicros,
                    kernelCalls,
                    kernelCallNanos,
                    scrapeMs,
                    PERCENT * share);
        }
    }
}
