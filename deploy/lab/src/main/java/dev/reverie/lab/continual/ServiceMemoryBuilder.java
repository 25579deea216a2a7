package dev.reverie.lab.continual;

import dev.reverie.client.ClassPhase;
import dev.reverie.client.Retries;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.client.ServiceStatus;
import dev.reverie.deploy.progress.Eta;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.replay.ClassOrder;
import dev.reverie.deploy.replay.Replay;
import dev.reverie.deploy.replay.ReplayPlan;
import dev.reverie.deploy.replay.ReplayReport;
import dev.reverie.deploy.replay.ReplaySource;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.Cancellation.StoppedException;
import dev.reverie.deploy.run.TemporaryFolder;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.coded.MemoryZip;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.lab.run.TemporaryService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Builds memories with a running service, over HTTP. In each step, the builder sends the real images of the arriving
 * classes, waits while the service distils them, seals the classes so that the service drops their real images, and
 * downloads the memory.
 *
 * @param out an existing folder for the stores of the services
 */
record ServiceMemoryBuilder(
        ContinualPlan plan,
        TemporaryService.Factory services,
        Path out,
        ProgressViews progress,
        Cancellation cancellation) {

    private static final int BATCH = 256;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    List<StoredMemory> build(MemoryMethod method, long seed) throws IOException {
        try (TemporaryFolder store = TemporaryFolder.in(out);
                TemporaryService service =
                        services.start(plan.settings(method, plan.size().images(), seed), sizes(), store.path());
                ReverieClient client = ReverieClient.builder(service.address()).build();
                ProgressView view = progress.begin("Distilling " + method.label())) {
            Retries retries = new Retries(PATIENCE, progress.clock(), (length, _) -> cancellation.pause(length));
            List<StoredMemory> memories = new ArrayList<>();
            for (int step = 0; step < plan.steps(); step++) {
                memories.add(new Step(seed, step, client, retries, view).run());
            }
            return memories;
        }
    }

    /** The settings of the service for the size of its memory; 0 means that there is no such limit. */
    private Map<String, String> sizes() {
        MemorySize size = plan.size();
        return Map.of(
                "reverie.memory.images-per-class", Integer.toString(size.images()),
                "reverie.memory.total-images",
                        Integer.toString(size.totalImages().orElse(0)),
                "reverie.memory.bytes-per-class",
                        Long.toString(size.coding().maxBytes().orElse(0)),
                "reverie.memory.coding", size.coding().format().name().toLowerCase(Locale.ROOT),
                "reverie.memory.quality", Integer.toString(size.coding().quality()));
    }

    /** One step of the experiment, on one service. */
    private final class Step {

        private final long seed;
        private final int number;
        private final ReverieClient client;
        private final Retries retries;
        private final ProgressView view;
        private final List<Integer> classes;
        private final List<String> labels;

        Step(long seed, int number, ReverieClient client, Retries retries, ProgressView view) {
            this.seed = seed;
            this.number = number;
            this.client = client;
            this.retries = retries;
            this.view = view;
            this.classes = plan.classesByStep(seed).get(number);
            this.labels = classes.stream().map(plan.dataset().classNames()::get).toList();
        }

        StoredMemory run() throws IOException {
            show(0, "sending the images");
            send();
            awaitLearning();
            for (String label : labels) {
                retries.of(() -> client.seal(label));
            }
            DistilledSet set = retries.of(client::memoryFile)
                    .map(file -> NpzFile.read(file, "the memory"))
                    .orElseThrow(
                            () -> new IOException("the memory of the service is empty after step " + (number + 1)));
            byte[] pictures = retries.of(client::memoryPictures).orElseThrow();
            return new StoredMemory(set, MemoryZip.read(pictures, "the memory").bytes());
        }

        private void send() throws IOException {
            Dataset dataset = plan.dataset();
            ReplaySource source = ReplaySource.Arrays.of(dataset);
            List<Integer> shuffled = ClassOrder.SHUFFLED.stream(source, Integer.MAX_VALUE, seed).stream()
                    .filter(place -> classes.contains(dataset.train().get(place).label()))
                    .toList();
            ReplayPlan images = new ReplayPlan(source, shuffled, BATCH, Optional.empty());
            ReplayReport report = new Replay(client, images, cancellation, progress.clock(), ProgressView.none()).run();
            switch (report.ending()) {
                case COMPLETED -> {}
                case INTERRUPTED -> throw new StoppedException();
                case FAILED -> report.requireNoFailure();
            }
        }

        /** Waits until the step time has passed or all classes of the step have converged. */
        private void awaitLearning() throws ReverieException {
            Instant start = progress.clock().instant();
            Duration elapsed = Duration.ZERO;
            while (elapsed.compareTo(plan.stepTime()) < 0 && !isLearned()) {
                ServiceStatus status = retries.of(client::status);
                Duration left = plan.stepTime().minus(elapsed);
                show(
                        (double) elapsed.toMillis() / plan.stepTime().toMillis(),
                        Eta.format(left) + " left, " + Plural.of(status.innerLoops(), "inner loop") + ", "
                                + status.worker());
                cancellation.pause(left.compareTo(POLL_INTERVAL) < 0 ? left : POLL_INTERVAL);
                elapsed = Duration.between(start, progress.clock().instant());
            }
        }

        private boolean isLearned() throws ReverieException {
            long learned = retries.of(client::classes).stream()
                    .filter(status -> labels.contains(status.label()))
                    .filter(status -> status.phase() == ClassPhase.CONVERGED || status.phase() == ClassPhase.SEALED)
                    .count();
            return learned == labels.size();
        }

        private void show(double stepFraction, String status) {
            int steps = plan.steps();
            view.show(
                    (number + Math.min(1, stepFraction)) / steps,
                    "step %d/%d, %s".formatted(number + 1, steps, status));
        }
    }
}
