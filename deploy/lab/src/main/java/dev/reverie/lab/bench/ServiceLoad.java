package dev.reverie.lab.bench;

import dev.reverie.client.DeliveryReceipt;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.client.Samples;
import dev.reverie.client.ServiceStatus;
import dev.reverie.deploy.replay.ImageSamples;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * Puts load on a running service by sending random labelled images and requesting batches. If the client and the
 * service share a machine, the results reflect the load from both.
 *
 * @param seed seed of the images; a service counts images that it already has as duplicates
 */
record ServiceLoad(ImageShape shape, int batch, int connections, LongSupplier nanos, long seed) {

    private static final long PAUSE_NS = 10_000_000;

    private static final long LONGEST_START_NS = 120_000_000_000L;

    private static final int CLASSES = 10;

    /** Number of images per class that is enough for distillation to start. */
    private static final int IMAGES_TO_START = 50;

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Creates a load whose seed is the time, so that a service does not have its images from an earlier load. */
    ServiceLoad(ImageShape shape, int batch, int connections, LongSupplier nanos) {
        this(shape, batch, connections, nanos, nanos.getAsLong());
    }

    /**
     * Sends images for {@code seconds} seconds and measures the rate and the latency.
     *
     * @param onProgress receives the elapsed part of the time, from 0 to 1; called by one thread at a time
     */
    IngestReport ingest(ReverieClient client, int seconds, boolean distilling, DoubleConsumer onProgress)
            throws ReverieException {
        long begin = nanos.getAsLong();
        long end = begin + (long) (seconds * NANOS_PER_SECOND);
        Object progressLock = new Object();
        AtomicLong number = new AtomicLong();
        AtomicLong accepted = new AtomicLong();
        ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
        repeatUntil(end, () -> {
            Samples samples = samples(number.getAndIncrement());
            long sent = nanos.getAsLong();
            DeliveryReceipt receipt = client.deliver(samples);
            millis.add((nanos.getAsLong() - sent) / NANOS_PER_MILLI);
            accepted.addAndGet(receipt.accepted());
            synchronized (progressLock) {
                onProgress.accept(Math.min(1, (nanos.getAsLong() - begin) / (seconds * NANOS_PER_SECOND)));
            }
        });
        double elapsed = (nanos.getAsLong() - begin) / NANOS_PER_SECOND;
        return new IngestReport(
                shape,
                batch,
                connections,
                distilling,
                accepted.get(),
                elapsed,
                accepted.get() / elapsed,
                Latencies.of(millis));
    }

    private interface Request {
        void send() throws ReverieException;
    }

    /** Sends requests on all connections until a time, or until one of them fails. */
    private void repeatUntil(long end, Request request) throws ReverieException {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            List<CompletableFuture<Optional<ReverieException>>> sent = IntStream.range(0, connections)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(() -> failureOf(request, end, over), threads))
                    .toList();
            for (CompletableFuture<Optional<ReverieException>> each : sent) {
                Optional<ReverieException> failure = each.join();
                if (failure.isPresent()) {
                    throw failure.get();
                }
            }
        }
    }

    private Optional<ReverieException> failureOf(Request request, long end, AtomicBoolean over) {
        try {
            while (nanos.getAsLong() < end && !over.get()) {
                request.send();
            }
            return Optional.empty();
        } catch (ReverieException failure) {
            return Optional.of(failure);
        } finally {
            over.set(true); // whatever ended this connection, an error too, ends the others
        }
    }

    /**
     * Requests random batches of the memory for {@code seconds} seconds, one after another, and measures the latency.
     */
    SampleReport sample(ReverieClient client, int images, int seconds, boolean distilling, DoubleConsumer onProgress)
            throws ReverieException {
        long begin = nanos.getAsLong();
        List<Double> millis = new ArrayList<>();
        double elapsed = 0;
        while (elapsed < seconds) {
            long sent = nanos.getAsLong();
            client.sample(images);
            long answered = nanos.getAsLong();
            millis.add((answered - sent) / NANOS_PER_MILLI);
            elapsed = (answered - begin) / NANOS_PER_SECOND;
            onProgress.accept(Math.min(1, elapsed / seconds));
        }
        return new SampleReport(images, distilling, Latencies.of(millis));
    }

    /** Sends one batch, so that the memory is not empty. */
    void fill(ReverieClient client) throws ReverieException {
        client.deliver(samples(-1));
    }

    /**
     * Sends enough images to start the distillation of every class, and returns when the next inner loop is complete.
     *
     * @throws IOException if a request fails, or no inner loop is complete within two minutes
     */
    void beginDistilling(ReverieClient client) throws IOException {
        long begin = nanos.getAsLong();
        long loops = client.status().innerLoops();
        long batches = Math.ceilDiv((long) IMAGES_TO_START * CLASSES, batch);
        for (long number = -1; number >= -batches; number--) {
            client.deliver(samples(number));
        }
        for (ServiceStatus status = client.status(); status.innerLoops() == loops; status = client.status()) {
            if (nanos.getAsLong() - begin > LONGEST_START_NS) {
                throw new IOException("the service has not completed an inner loop within two minutes (its worker is "
                        + status.worker() + "): let it learn with " + IMAGES_TO_START + " images per class or fewer");
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /**
     * Returns the batch with the given number; other numbers give other images, and so do seeds that are far apart. The
     * images of consecutive batches belong to all classes in turn.
     */
    Samples samples(long number) {
        SplittableRandom random = new SplittableRandom(seed + number);
        int first = Math.floorMod(number * batch, CLASSES);
        List<Image> images = new ArrayList<>(batch);
        List<String> labels = new ArrayList<>(batch);
        byte[] pixels = new byte[shape.size()];
        for (int i = 0; i < batch; i++) {
            random.nextBytes(pixels);
            images.add(Image.of(shape, pixels));
            labels.add("class-" + (first + i) % CLASSES);
        }
        return ImageSamples.of(images, labels);
    }

    /** What was measured: its components are those of the JSON output. */
    interface Report {

        String table();
    }

    /**
     * The ingest rate and latency of a service.
     *
     * @param seconds time from the first request to the last reply
     * @param imagesPerSecond number of accepted images per second; duplicates do not count
     * @param ms milliseconds from a request to its acknowledgement
     */
    record IngestReport(
            ImageShape shape,
            int batch,
            int connections,
            boolean distilling,
            long accepted,
            double seconds,
            double imagesPerSecond,
            Latencies ms)
            implements Report {

        private static final double MEGA = 1e6;

        @Override
        public String table() {
            return String.format(
                    Locale.ROOT,
                    """
                    durable ingest of %s images in batches of %d, %s, %s: %,.0f images/s
                      accepted %,d in %.1f s, %.1f MB/s of pixels
                      a request took %s""",
                    shape,
                    batch,
                    Plural.of(connections, "connection"),
                    state(distilling),
                    imagesPerSecond,
                    accepted,
                    seconds,
                    imagesPerSecond * shape.size() / MEGA,
                    ms);
        }
    }

    /**
     * The latency of requests for random batches from a service's memory.
     *
     * @param ms latency from a request to the last byte of its response
     */
    record SampleReport(int images, boolean distilling, Latencies ms) implements Report {

        @Override
        public String table() {
            return Plural.of(ms.count(), "batch", "batches") + " of " + Plural.of(images, "image")
                    + " from the memory, " + state(distilling) + ": " + ms;
        }
    }

    private static String state(boolean distilling) {
        return distilling ? "while distilling" : "not distilling";
    }

    /** Quantiles of latencies, in milliseconds. */
    record Latencies(int count, double median, double p99, double max) {

        static Latencies of(Collection<Double> millis) {
            DescriptiveStatistics latencies = new DescriptiveStatistics();
            millis.forEach(latencies::addValue);
            return new Latencies(
                    millis.size(), latencies.getPercentile(50), latencies.getPercentile(99), latencies.getMax());
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f ms (median; 99 %% below %.1f, at most %.1f)", median, p99, max);
        }
    }
}
