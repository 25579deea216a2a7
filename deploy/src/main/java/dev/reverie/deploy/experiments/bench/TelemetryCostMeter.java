package dev.reverie.deploy.experiments.bench;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Asks;
import dev.reverie.actors.telemetry.TelemetryActor;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.profile.KernelClock;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.monitoring.DistillationMetrics;
import dev.reverie.monitoring.MetricsExposition;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Measures what telemetry and metrics cost an inner loop.
 *
 * @param nanos a monotonic clock in nanoseconds
 * @param clock of the run
 */
public record TelemetryCostMeter(LongSupplier nanos, InstantSource clock) {

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int EVENTS = 200_000;
    private static final int CALLS = 1_000_000;
    private static final int SCRAPES = 50;
    private static final int REPEATS = 5;

    /** All that a run with metrics has, and what it was told. */
    private static final class Observation {

        private final MetricsExposition exposition = new MetricsExposition();
        private final DistillationMetrics metrics;
        private final List<TelemetryEvent> events = new ArrayList<>();
        private final LongAdder looks = new LongAdder();
        private final KernelClock kernels;

        Observation(LongSupplier nanos, InstantSource clock) {
            metrics = new DistillationMetrics(exposition.registry(), clock);
            kernels = new KernelClock(() -> {
                looks.increment();
                return nanos.getAsLong();
            });
        }

        /** Each looks at the clock before and after. */
        double kernelCalls() {
            return looks.sum() / 2.0;
        }
    }

    /**
     * Runs distillations of one interval without and with metrics by turns, then measures what single things cost.
     *
     * @param rounds how many of each, at least 1
     * @param onProgress told the share of the work done
     */
    public TelemetryCost measure(LoopBench bench, Kernels device, int rounds, DoubleConsumer onProgress) {
        Dataset dataset = bench.dataset();
        LoopRun run = new LoopRun(bench, dataset, 1);
        without(new LoopRun(bench.inSmall(), bench.inSmall().dataset(), 1), device);
        double[] bare = new double[rounds];
        double[] full = new double[rounds];
        Observation latest = new Observation(nanos, clock);
        for (int round = 0; round < rounds; round++) {
            bare[round] = without(run, device);
            onProgress.accept((round + 0.5) / rounds);
            latest = new Observation(nanos, clock);
            full[round] = with(run, device, latest);
            onProgress.accept((round + 1.0) / rounds);
        }
        return TelemetryCost.of(bench, bare, full, parts(bench, device, latest));
    }

    private double without(LoopRun run, Kernels device) {
        return millis(run, device, List.of());
    }

    private double with(LoopRun run, Kernels device, Observation observation) {
        return millis(run, observation.kernels.timing(device), List.of(observation.metrics, observation.events::add));
    }

    private double millis(LoopRun run, Kernels kernels, List<TelemetryListener> listeners) {
        LoopTimeRecorder times = new LoopTimeRecorder(run.bench().interval(), _ -> {}, () -> {});
        List<TelemetryListener> all = new ArrayList<>(listeners);
        all.add(times);
        run.execute(kernels, UnaryOperator.identity(), all, clock);
        times.requireSound();
        return times.millis(1)[0];
    }

    private TelemetryCost.Parts parts(LoopBench bench, Kernels device, Observation observation) {
        double loops = bench.interval();
        return new TelemetryCost.Parts(
                observation.events.size() / loops,
                (sendingNanos(observation.events) + hearingNanos(observation.events)) / NANOS_PER_MICRO,
                observation.kernelCalls() / loops,
                timingNanos(device),
                scrapeNanos(observation.exposition) / NANOS_PER_MILLI);
    }

    /** Of each event, through an actor that hands it to nobody. */
    private double sendingNanos(List<TelemetryEvent> events) {
        ActorSystem<TelemetryActor.Command> actor =
                ActorSystem.create(TelemetryActor.create(List.of()), "telemetry", ConfigFactory.load("reverie"));
        try {
            TelemetryListener publisher = TelemetryActor.publisher(actor);
            return best(() -> {
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

    /** Of each event, in the metrics. */
    private double hearingNanos(List<TelemetryEvent> events) {
        DistillationMetrics metrics = new DistillationMetrics(new MetricsExposition().registry(), clock);
        return best(() -> replay(events, metrics)) / EVENTS;
    }

    private static void replay(List<TelemetryEvent> events, TelemetryListener listener) {
        for (int i = 0; i < EVENTS; i++) {
            listener.on(events.get(i % events.size()));
        }
    }

    /** More than the same call takes that is not timed; of the shortest call there is. */
    private double timingNanos(Kernels device) {
        Kernels timed = new KernelClock(nanos).timing(device);
        try (Tensor x = device.allocate(1);
                Tensor y = device.allocate(1)) {
            x.fill(0);
            y.fill(0);
            double with = best(() -> repeat(timed, x, y));
            double without = best(() -> repeat(device, x, y));
            return Math.max(0, with - without) / CALLS;
        }
    }

    private static void repeat(Kernels kernels, Tensor x, Tensor y) {
        for (int i = 0; i < CALLS; i++) {
            kernels.add(x, y);
        }
    }

    private double scrapeNanos(MetricsExposition exposition) {
        return best(() -> {
                    for (int i = 0; i < SCRAPES; i++) {
                        exposition.page(Optional.empty());
                    }
                })
                / SCRAPES;
    }

    /** The first repeats warm up, and the shortest was disturbed least. */
    private double best(Runnable work) {
        double best = Double.POSITIVE_INFINITY;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            long start = nanos.getAsLong();
            work.run();
            best = Math.min(best, (double) (nanos.getAsLong() - start));
        }
        return best;
    }
}
