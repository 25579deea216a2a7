package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.Request;
import dev.reverie.deploy.history.SampleKey;
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

/** Several clients that send requests to one process until they are stopped. */
final class Load implements AutoCloseable {

    private static final int CLIENTS = 4;
    private static final List<String> LABELS = List.of("ant", "bee", "cow", "doe", "eel");
    private static final int MAX_SAMPLES = 6;
    private static final int PERCENT = 100;
    /**
     * Pause between two requests of a client, which limits the size of a history, and after an answer that defers, in
     * ns.
     */
    private static final long PAUSE = 15_000_000;

    private static final long PAUSE_AFTER_DEFERRAL = 150_000_000;

    private final HistoryRecorder recorder;
    private final HttpCaller caller;
    private final AtomicInteger nextId;
    private final ConcurrentLinkedQueue<List<SampleKey>> delivered = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Semaphore answers = new Semaphore(0);
    private final List<Thread> clients;

    /**
     * Starts the clients.
     *
     * @param nextId source of sample ids that were never used before
     */
    Load(HistoryRecorder recorder, HttpCaller caller, AtomicInteger nextId, SplittableRandom random) {
        this.recorder = recorder;
        this.caller = caller;
        this.nextId = nextId;
        this.clients = IntStream.range(0, CLIENTS)
                .mapToObj(i -> {
                    SplittableRandom own = random.split();
                    return Thread.ofVirtual().unstarted(() -> run("client-" + i, own));
                })
                .toList();
        clients.forEach(Thread::start);
    }

    /** Waits until this number of further answers has arrived; the time limit is in ms. */
    void awaitAnswers(int count, long timeout) {
        try {
            answers.drainPermits();
            answers.tryAcquire(count, timeout, TimeUnit.MILLISECONDS);
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
    List<List<SampleKey>> delivered() {
        return List.copyOf(delivered);
    }

    private void run(String name, SplittableRandom random) {
        List<List<SampleKey>> own = new ArrayList<>();
        while (!stopped.get()) {
            Answer answer = step(name, own, random);
            answers.release();
            boolean isDeferred = answer instanceof Answer.Unknown || answer instanceof Answer.NotStored;
            LockSupport.parkNanos(isDeferred ? PAUSE_AFTER_DEFERRAL : PAUSE);
        }
    }

    private Answer step(String name, List<List<SampleKey>> own, SplittableRandom random) {
        int dice = random.nextInt(PERCENT);
        if (dice < 48 || own.isEmpty()) {
            own.add(newSamples(random));
            delivered.add(own.getLast());
            return deliver(name, own.getLast(), random);
        }
        if (dice < 60) {
            return deliver(name, own.getLast(), random);
        }
        if (dice < 66) {
            return deliver(name, own.get(random.nextInt(own.size())), random);
        }
        Request request = otherRequest(dice, LABELS.get(random.nextInt(LABELS.size())));
        return recorder.record(name, request, () -> caller.send(request));
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

    /** Draws samples that were never delivered; those of different labels have the same ids. */
    private List<SampleKey> newSamples(SplittableRandom random) {
        int count = random.nextInt(1, MAX_SAMPLES + 1);
        int labels = random.nextInt(1, 3);
        int first = random.nextInt(LABELS.size());
        int firstId = nextId.getAndAdd(count);
        return IntStream.range(0, count)
                .mapToObj(i ->
                        new SampleKey(LABELS.get((first + i % labels) % LABELS.size()), "s" + (firstId + i / labels)))
                .toList();
    }

    private Answer deliver(String name, List<SampleKey> samples, SplittableRandom random) {
        HttpCaller.Format format = samples.size() == 1
                ? HttpCaller.Format.PNG
                : random.nextBoolean() ? HttpCaller.Format.LINES : HttpCaller.Format.NPZ;
        return recorder.record(name, new Request.Deliver(samples), () -> caller.deliver(samples, format));
    }
}
