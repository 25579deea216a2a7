package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.History;
import dev.reverie.deploy.history.HistoryChecker;
import dev.reverie.deploy.history.Request;
import dev.reverie.deploy.history.SampleKey;
import dev.reverie.deploy.history.Verdict;
import dev.reverie.deploy.history.faults.Fault;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Several rounds with one store. Each round loads the service, lets one fault occur, sends every delivery of the round
 * again, and checks the history from the beginning of the session.
 */
final class Session implements AutoCloseable {

    private static final int WARM_UP = 25;
    private static final int MAX_SKIP = 12;
    private static final int MAX_SKIP_AT_START = 3;
    private static final int AFTER_FAULT = 30;
    private static final Duration LOAD_LIMIT = Duration.ofSeconds(20);
    private static final Duration FROZEN_FOR = Duration.ofMillis(400);
    private static final Duration STOPPED_FOR = Duration.ofMillis(1_500);
    private static final Duration FULL_FOR = Duration.ofMillis(2_500);
    /** Longest time after a fault, or after a start, within which the service must be ready. */
    private static final Duration READY_LIMIT = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final ServiceProcess.Launch launch;
    private final Stores stores;
    private final SplittableRandom random;
    private final HistoryRecorder recorder = new HistoryRecorder();
    private final AtomicInteger nextId = new AtomicInteger();
    private Optional<ServiceProcess> running = Optional.empty();
    private Duration slowestReturn = Duration.ZERO;

    /**
     * Creates a session that has not begun.
     *
     * @param stores where faults of the disk and of the database server occur
     */
    Session(ServiceProcess.Launch launch, Stores stores, SplittableRandom random) {
        this.launch = launch;
        this.stores = stores;
        this.random = random;
    }

    /**
     * The result of a round.
     *
     * @param occurred whether the fault occurred
     * @param unresponsive what the service did not do in time, if anything
     */
    record Result(boolean occurred, Optional<String> unresponsive, Verdict verdict) {

        /** Whether the search for an order of the history was given up, and nothing else is wrong. */
        boolean isUndecided() {
            return verdict instanceof Verdict.Undecided && unresponsive.isEmpty();
        }

        /** Whether the service kept its promises. */
        boolean isCorrect() {
            return verdict instanceof Verdict.Explained && unresponsive.isEmpty();
        }
    }

    /** Runs a round, and writes the history so far into a file. */
    Result run(RoundPlan plan) throws IOException {
        boolean occurred = true;
        Optional<String> unresponsive = Optional.empty();
        try {
            occurred = plan.failpoint().isAtStart() ? faultAtStart(plan) : faultUnderLoad(plan);
        } catch (UnresponsiveException failure) {
            unresponsive = Optional.ofNullable(failure.getMessage());
        } finally {
            stores.end(plan.fault());
        }
        History history = recorder.history();
        history.writeTo(launch.history());
        return new Result(occurred, unresponsive, HistoryChecker.check(history));
    }

    /** Longest time from the end of a fault until the service was ready, without a restart. */
    Duration slowestReturn() {
        return slowestReturn;
    }

    private boolean faultUnderLoad(RoundPlan plan) throws IOException {
        ServiceProcess service = service();
        try (HttpCaller caller = new HttpCaller(addressOf(service))) {
            Load load = new Load(recorder, caller, nextId, random.split());
            boolean occurred;
            try (load) {
                load.awaitAnswers(WARM_UP, LOAD_LIMIT);
                service.arm(plan.failpoint(), plan.fault(), random.nextInt(MAX_SKIP));
                occurred = occurs(service);
                if (occurred) {
                    begin(plan.fault(), service);
                    outlast(plan.fault(), service, caller, load);
                }
            }
            if (plan.fault().isDeadly() || random.nextBoolean()) {
                killAndRecord();
            } else if (random.nextBoolean()) {
                stopAndRecord();
            }
            audit(load.delivered());
            return occurred;
        }
    }

    private boolean faultAtStart(RoundPlan plan) throws IOException {
        List<List<SampleKey>> delivered = loadAndKill();
        int skip = random.nextInt(MAX_SKIP_AT_START);
        ServiceProcess service = ServiceProcess.start(launch.armed(plan.failpoint(), plan.fault(), skip));
        running = Optional.of(service);
        boolean occurred = occurs(service);
        if (occurred) {
            begin(plan.fault(), service);
        }
        Optional<URI> address = occurred && plan.fault().isDeadly() ? service.addressNow() : service.awaitAddress();
        if (address.isEmpty() && !(occurred && plan.fault().canPreventStart())) {
            throw new UnresponsiveException("the service ended while it started");
        }
        if (address.isPresent()) {
            try (HttpCaller caller = new HttpCaller(address.get());
                    Load load = new Load(recorder, caller, nextId, random.split())) {
                outlast(plan.fault(), service, caller, load);
            }
        } else {
            end(plan.fault(), service);
        }
        if (address.isEmpty() || plan.fault().isDeadly()) {
            killAndRecord();
        }
        audit(delivered);
        return occurred;
    }

    private List<List<SampleKey>> loadAndKill() throws IOException {
        try (HttpCaller caller = new HttpCaller(addressOf(service()))) {
            Load load = new Load(recorder, caller, nextId, random.split());
            try (load) {
                load.awaitAnswers(WARM_UP, LOAD_LIMIT);
                service().kill();
            }
            killAndRecord();
            return load.delivered();
        }
    }

    /** Goes on with the load until the fault has ended, and after it unless the service is dead. */
    private void outlast(Fault fault, ServiceProcess service, HttpCaller caller, Load load) throws IOException {
        if (fault != Fault.KILL) {
            load.awaitAnswers(AFTER_FAULT, duration(fault));
        }
        end(fault, service);
        if (!fault.isDeadly()) {
            Duration time = awaitReady(caller);
            slowestReturn = time.compareTo(slowestReturn) > 0 ? time : slowestReturn;
            load.awaitAnswers(AFTER_FAULT, LOAD_LIMIT);
        }
    }

    private void begin(Fault fault, ServiceProcess service) throws IOException {
        switch (fault) {
            case KILL -> service.awaitEnd();
            case STOP -> {
                service.suspend();
                LockSupport.parkNanos(STOPPED_FOR.toNanos());
                service.resume();
            }
            case DISK_FULL, DISK_ERROR, POWER_CUT, DATABASE_KILL, DATABASE_SHUTDOWN -> stores.begin(fault);
            case FREEZE, DELAY, ERROR, FULL -> {}
        }
    }

    private void end(Fault fault, ServiceProcess service) throws IOException {
        switch (fault) {
            case FREEZE -> service.kill();
            case FULL -> service.disarm();
            case DISK_FULL, DISK_ERROR -> stores.end(fault);
            case POWER_CUT -> {
                service.kill();
                stores.end(fault);
            }
            case KILL, STOP, DELAY, ERROR, DATABASE_KILL, DATABASE_SHUTDOWN -> {}
        }
    }

    /** How long a fault goes on at most while there are few answers. */
    private static Duration duration(Fault fault) {
        return switch (fault) {
            case FREEZE, POWER_CUT -> FROZEN_FOR;
            case FULL, DISK_FULL, DISK_ERROR -> FULL_FOR;
            default -> LOAD_LIMIT;
        };
    }

    /** Waits until the armed fault occurs. Takes it back, and returns false, if it does not. */
    private static boolean occurs(ServiceProcess service) {
        CompletableFuture<Void> reached = service.reached();
        try {
            reached.get(LOAD_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException never) {
            service.disarm();
            return reached.isDone();
        } catch (ExecutionException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The running service, started if there is none. */
    private ServiceProcess service() throws IOException {
        if (running.isPresent() && !running.get().isAlive()) {
            throw new UnresponsiveException("the service ended by itself");
        }
        if (running.isEmpty()) {
            running = Optional.of(ServiceProcess.start(launch));
        }
        return running.orElseThrow();
    }

    private static URI addressOf(ServiceProcess service) {
        return service.awaitAddress()
                .orElseThrow(() -> new UnresponsiveException("the service ended while it started"));
    }

    private void killAndRecord() {
        running.ifPresent(ServiceProcess::kill);
        running = Optional.empty();
        recorder.died();
    }

    private void stopAndRecord() {
        running.ifPresent(ServiceProcess::terminate);
        running = Optional.empty();
        recorder.died();
    }

    private static Duration awaitReady(HttpCaller caller) {
        long start = System.nanoTime();
        while (!caller.isReady()) {
            requireInTime(start, "the service is not ready");
            LockSupport.parkNanos(POLL.toNanos());
        }
        requireInTime(start, "the service was not ready");
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void requireInTime(long start, String failure) {
        if (System.nanoTime() - start > READY_LIMIT.toNanos()) {
            throw new UnresponsiveException(failure + " after " + READY_LIMIT.toSeconds() + " s");
        }
    }

    /** Reads everything, sends all deliveries again, and reads again. */
    private void audit(List<List<SampleKey>> delivered) throws IOException {
        try (HttpCaller caller = new HttpCaller(addressOf(service()))) {
            awaitReady(caller);
            read(caller);
            delivered.forEach(samples -> sendUntilAnswered(caller, new Request.Deliver(samples)));
            read(caller);
        }
    }

    private void read(HttpCaller caller) {
        List.of(new Request.ReadClasses(), new Request.ReadStatus(), new Request.ReadMemory())
                .forEach(request -> sendUntilAnswered(caller, request));
    }

    /** Sends a request again until its answer is clear, which a service without faults must give. */
    private void sendUntilAnswered(HttpCaller caller, Request request) {
        long start = System.nanoTime();
        Answer answer = recorder.record("audit", request, () -> caller.send(request));
        while (answer instanceof Answer.Unknown || answer instanceof Answer.NotStored) {
            requireInTime(start, "the service still answers " + request + " with " + answer);
            LockSupport.parkNanos(PAUSE.toNanos());
            answer = recorder.record("audit", request, () -> caller.send(request));
        }
    }

    @Override
    public void close() {
        running.ifPresent(ServiceProcess::close);
    }
}
