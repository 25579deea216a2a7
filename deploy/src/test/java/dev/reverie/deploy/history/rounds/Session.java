package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.DeliveryRule;
import dev.reverie.deploy.history.HistoryChecker;
import dev.reverie.deploy.history.HistoryFile;
import dev.reverie.deploy.history.Request;
import dev.reverie.deploy.history.SampleKey;
import dev.reverie.deploy.history.Verdict;
import dev.reverie.deploy.history.faults.Fault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
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
    private static final int AFTER_FAULT = 30;
    private static final long LOAD_LIMIT_MS = 20_000;
    private static final long FROZEN_MS = 400;
    private static final long STOPPED_NS = 1_500_000_000;
    private static final long FULL_MS = 1_500;
    private static final long READY_LIMIT_MS = 30_000;
    private static final long POLL_NS = 20_000_000;

    private final ServiceProcess.Launch launch;
    private final Runnable killDatabase;
    private final DeliveryRule rule;
    private final SplittableRandom random;
    private final HistoryRecorder recorder = new HistoryRecorder();
    private final AtomicInteger nextId = new AtomicInteger();
    private Optional<ServiceProcess> running = Optional.empty();

    /**
     * Creates a session that has not begun.
     *
     * @param killDatabase kills the database server and starts it again
     */
    Session(ServiceProcess.Launch launch, Runnable killDatabase, DeliveryRule rule, SplittableRandom random) {
        this.launch = launch;
        this.killDatabase = killDatabase;
        this.rule = rule;
        this.random = random;
    }

    /**
     * The result of a round.
     *
     * @param occurred whether the fault occurred
     */
    record Result(boolean occurred, Verdict verdict) {

        boolean isExplained() {
            return verdict instanceof Verdict.Explained;
        }
    }

    /** Runs a round. */
    Result run(RoundPlan plan) throws IOException {
        boolean occurred = plan.failpoint().isAtStart() ? faultAtStart(plan) : faultUnderLoad(plan);
        return new Result(occurred, HistoryChecker.check(recorder.history(), rule));
    }

    private boolean faultUnderLoad(RoundPlan plan) throws IOException {
        ServiceProcess service = service();
        try (HttpCaller caller = new HttpCaller(service.awaitAddress().orElseThrow())) {
            Load load = new Load(recorder, caller, nextId, random.split());
            load.awaitAnswers(WARM_UP, LOAD_LIMIT_MS);
            service.arm(plan.failpoint(), plan.fault(), random.nextInt(MAX_SKIP));
            boolean occurred = awaitFault(service, plan.fault(), load);
            load.stop();
            boolean isReady = !occurred || plan.fault().isDeadly() || awaitReady(caller);
            if (plan.fault().isDeadly() || !isReady || random.nextBoolean()) {
                killAndRecord();
            }
            audit(load.delivered());
            return occurred;
        }
    }

    private boolean faultAtStart(RoundPlan plan) throws IOException {
        List<List<SampleKey>> delivered = loadAndKill();
        ServiceProcess service = ServiceProcess.start(launch.armed(plan.failpoint(), plan.fault(), random.nextInt(3)));
        running = Optional.of(service);
        Optional<URI> address = service.awaitAddress();
        boolean occurred;
        if (address.isPresent()) {
            try (HttpCaller caller = new HttpCaller(address.get())) {
                Load load = new Load(recorder, caller, nextId, random.split());
                occurred = awaitFault(service, plan.fault(), load);
                load.stop();
                if (plan.fault().isDeadly() || !awaitReady(caller)) {
                    killAndRecord();
                }
                audit(load.delivered());
            }
        } else {
            occurred = service.reached().isDone();
            killAndRecord();
        }
        audit(delivered);
        return occurred;
    }

    private List<List<SampleKey>> loadAndKill() throws IOException {
        try (HttpCaller caller = new HttpCaller(service().awaitAddress().orElseThrow())) {
            Load load = new Load(recorder, caller, nextId, random.split());
            load.awaitAnswers(WARM_UP, LOAD_LIMIT_MS);
            service().kill();
            load.stop();
            killAndRecord();
            return load.delivered();
        }
    }

    /** Waits until the fault has occurred, acts as it demands, and goes on with the load for a while. */
    private boolean awaitFault(ServiceProcess service, Fault fault, Load load) {
        if (!occurs(service.reached())) {
            service.disarm();
            return service.reached().isDone();
        }
        switch (fault) {
            case KILL -> service.awaitEnd();
            case FREEZE -> {
                load.awaitAnswers(AFTER_FAULT, FROZEN_MS);
                service.kill();
            }
            case STOP -> {
                service.suspend();
                LockSupport.parkNanos(STOPPED_NS);
                service.resume();
                load.awaitAnswers(AFTER_FAULT, LOAD_LIMIT_MS);
            }
            case FULL -> {
                load.awaitAnswers(AFTER_FAULT, FULL_MS);
                service.disarm();
                load.awaitAnswers(AFTER_FAULT, FULL_MS);
            }
            case DATABASE_KILL -> {
                killDatabase.run();
                load.awaitAnswers(AFTER_FAULT, LOAD_LIMIT_MS);
            }
            case DELAY, ERROR -> load.awaitAnswers(AFTER_FAULT, LOAD_LIMIT_MS);
        }
        return true;
    }

    private static boolean occurs(CompletableFuture<Void> reached) {
        try {
            reached.get(LOAD_LIMIT_MS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException never) {
            return false;
        } catch (ExecutionException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The running service, started if there is none. */
    private ServiceProcess service() throws IOException {
        if (running.filter(ServiceProcess::isAlive).isEmpty()) {
            running = Optional.of(ServiceProcess.start(launch));
        }
        return running.orElseThrow();
    }

    private void killAndRecord() {
        running.ifPresent(ServiceProcess::kill);
        running = Optional.empty();
        recorder.died();
    }

    private static boolean awaitReady(HttpCaller caller) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_LIMIT_MS);
        while (System.nanoTime() - deadline < 0) {
            if (caller.isReady()) {
                return true;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return false;
    }

    /** Reads everything, sends all deliveries again, and reads again. */
    private void audit(List<List<SampleKey>> delivered) throws IOException {
        try (HttpCaller caller = new HttpCaller(service().awaitAddress().orElseThrow())) {
            if (!awaitReady(caller)) {
                throw new AssertionError("the service is not ready after a start; see " + launch.log());
            }
            read(caller);
            for (List<SampleKey> samples : delivered) {
                Request request = new Request.Deliver(samples);
                recorder.record("audit", request, () -> caller.send(request));
            }
            read(caller);
        }
    }

    private void read(HttpCaller caller) {
        for (Request request : List.of(new Request.ReadClasses(), new Request.ReadStatus(), new Request.ReadMemory())) {
            recorder.record("audit", request, () -> caller.send(request));
        }
    }

    /** Keeps the history for a later check. */
    void writeTo(Path file) throws IOException {
        HistoryFile.write(recorder.history(), file);
    }

    @Override
    public void close() {
        running.ifPresent(ServiceProcess::close);
    }
}
