package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.Request;
import dev.reverie.deploy.history.SampleKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Several clients of one or several processes, each of which sends requests to one of them until it is stopped. */
public final class Load implements AutoCloseable {

    private static final int MAX_SAMPLES = 6;
    private static final int PERCENT = 100;
    private final HistoryRecorder recorder;
    private final Mix mix;
    private final Size size;
    private final AtomicInteger nextId;
    private final ConcurrentLinkedQueue<List<SampleKey>> delivered = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Semaphore answers = new Semaphore(0);
    private final List<Thread> clients;

    /** What the clients of a load send. */
    public enum Mix {
        /** Deliveries, seals, DELETEs and reads. */
        ANYTHING,
        /** Deliveries and reads. A client sends a delivery that was deferred again, before it sends any other. */
        DELIVERIES
    }

    /**
     * Classes and clients of a load.
     *
     * @param labels the labels of the classes; in {@link Mix#DELIVERIES}, each client has one to which it delivers most
     * @param clients number of clients of each process
     * @param pause pause between two requests of a client, which limits the size of a history
     * @param pauseAfterDeferral pause after an answer that defers, which limits the number of requests that can have
     *     taken effect or not
     */
    public record Size(List<String> labels, int clients, Duration pause, Duration pauseAfterDeferral) {

        static final Size OF_ONE_PROCESS =
                new Size(List.of("ant", "bee", "cow", "doe", "eel"), 4, Duration.ofMillis(15), Duration.ofMillis(150));

        public Size {
            labels = List.copyOf(labels);
        }
    }

    /** Starts the clients of one process, which send anything. */
    Load(HistoryRecorder recorder, HttpCaller caller, AtomicInteger nextId, SplittableRandom random) {
        this(recorder, List.of(caller), Mix.ANYTHING, Size.OF_ONE_PROCESS, nextId, random);
    }

    /**
     * Starts the clients.
     *
     * @param callers one for each process
     * @param nextId source of sample ids that were never used before
     */
    public Load(
            HistoryRecorder recorder,
            List<HttpCaller> callers,
            Mix mix,
            Size size,
            AtomicInteger nextId,
            SplittableRandom random) {
        this.recorder = recorder;
        this.mix = mix;
        this.size = size;
        this.nextId = nextId;
        this.clients = IntStream.range(0, callers.size() * size.clients())
                .mapToObj(i -> {
                    int home = i / callers.size() % size.labels().size();
                    String name = mix == Mix.ANYTHING
                            ? "client-" + i
                            : "client-" + size.labels().get(home) + "-" + i;
                    Client client = new Client(name, callers.get(i % callers.size()), home, random.split());
                    return Thread.ofVirtual().unstarted(() -> run(client));
                })
                .toList();
        clients.forEach(Thread::start);
    }

    /** Waits until this number of further answers has arrived, at most as long as the timeout. */
    public void awaitAnswers(int count, Duration timeout) {
        try {
            answers.drainPermits();
            answers.tryAcquire(count, timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops the clients after their current requests. */
    @Override
    public void close() {
        stopped.set(true);
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Everything that was delivered, answered or not. */
    public List<List<SampleKey>> delivered() {
        return List.copyOf(delivered);
    }

    private static boolean isDeferred(Answer answer) {
        return answer instanceof Answer.Unknown || answer instanceof Answer.NotStored;
    }

    private void run(Client client) {
        while (!stopped.get()) {
            Answer answer = client.step();
            answers.release();
            Duration pause = isDeferred(answer) ? size.pauseAfterDeferral() : size.pause();
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /** One client. Not thread safe. */
    private final class Client {

        private final String name;
        private final HttpCaller caller;
        private final int home;
        private final SplittableRandom random;
        private final List<List<SampleKey>> own = new ArrayList<>();
        private boolean mustRepeat;

        Client(String name, HttpCaller caller, int home, SplittableRandom random) {
            this.name = name;
            this.caller = caller;
            this.home = home;
            this.random = random;
        }

        Answer step() {
            int dice = random.nextInt(PERCENT);
            if (mustRepeat) {
                return deliver(own.getLast());
            }
            if (dice < 48 || own.isEmpty()) {
                own.add(newSamples());
                delivered.add(own.getLast());
                return deliver(own.getLast());
            }
            if (dice < 60) {
                return deliver(own.getLast());
            }
            if (dice < 66) {
                return deliver(own.get(random.nextInt(own.size())));
            }
            if (dice < 76 && mix == Mix.DELIVERIES) {
                return deliver(own.getLast());
            }
            Request request = otherRequest(
                    dice, size.labels().get(random.nextInt(size.labels().size())));
            return recorder.record(name, request, () -> caller.send(request));
        }

        /** Draws samples that were never delivered; those of different labels have the same ids. */
        private List<SampleKey> newSamples() {
            int count = random.nextInt(1, MAX_SAMPLES + 1);
            int labels = random.nextInt(1, 3);
            int first =
                    mix == Mix.DELIVERIES ? home : random.nextInt(size.labels().size());
            int firstId = nextId.getAndAdd(count);
            return IntStream.range(0, count)
                    .mapToObj(i -> new SampleKey(
                            size.labels()
                                    .get((first + i % labels) % size.labels().size()),
                            "s" + (firstId + i / labels)))
                    .toList();
        }

        private Answer deliver(List<SampleKey> samples) {
            HttpCaller.Format format = samples.size() == 1
                    ? HttpCaller.Format.PNG
                    : random.nextBoolean() ? HttpCaller.Format.LINES : HttpCaller.Format.NPZ;
            Answer answer = recorder.record(name, new Request.Deliver(samples), () -> caller.deliver(samples, format));
            mustRepeat = mix == Mix.DELIVERIES && isDeferred(answer);
            return answer;
        }
    }

    private static Request otherRequest(int dice, String label) {
        if (dice < 73) {
            return new Request.Delete(label);
        }
        if (dice < 76) {
            return new Request.Seal(label);
        }
        if (dice < 86) {
            return new Request.ReadClasses();
        }
        return dice < 94 ? new Request.ReadStatus() : new Request.ReadMemory();
    }
}
