package dev.reverie.deploy.history.cluster;

import dev.reverie.actors.store.PostgresServer;
import dev.reverie.deploy.history.Operation;
import dev.reverie.deploy.history.rounds.HistoryRecorder;
import dev.reverie.deploy.history.rounds.Load;
import dev.reverie.deploy.history.rounds.UnresponsiveException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;

/** Loads a cluster that has no classes, lets one fault occur, and audits the cluster. */
final class ClusterRound {

    private static final int WARM_UP = 200;
    private static final int AFTER_FAULT = 500;
    private static final Duration LOAD_LIMIT = Duration.ofSeconds(30);
    /** Longest time after a fault within which all classes must be writable. */
    private static final Duration WRITABLE_LIMIT = Duration.ofSeconds(60);

    private static final Duration BRIEFLY = Duration.ofSeconds(5);
    /** Time in which a node that has been removed while it was stopped notices that. */
    private static final Duration NOTICE_LIMIT = Duration.ofSeconds(20);

    /** Clients of each node that deliver mainly to the same class. */
    private static final int CLIENTS_OF_CLASS = 2;

    private static final Duration STEADY_PAUSE = Duration.ofMillis(150);
    private static final Duration STEADY_DEFERRAL = Duration.ofMillis(200);
    private static final Duration CHANGING_PAUSE = Duration.ofMillis(200);
    private static final Duration CHANGING_DEFERRAL = Duration.ofSeconds(4);

    private final NodeNetwork network;
    private final ClusterNodes nodes;
    private final PostgresServer server;
    private final JournalFloors floors;
    private final SplittableRandom random;
    private final List<String> steady;
    private final List<String> changing;
    private final HistoryRecorder recorder = new HistoryRecorder();
    private final AtomicInteger nextId = new AtomicInteger();
    private long faultBegin = System.nanoTime();

    /**
     * Creates a round.
     *
     * @param number number of the round, part of the labels of its classes
     */
    ClusterRound(
            NodeNetwork network,
            ClusterNodes nodes,
            PostgresServer server,
            JournalFloors floors,
            int number,
            SplittableRandom random) {
        this.network = network;
        this.nodes = nodes;
        this.server = server;
        this.floors = floors;
        this.random = random;
        this.steady = Stream.of("ant", "bee", "cow", "doe", "eel", "fox")
                .map(name -> name + number)
                .toList();
        this.changing = Stream.of("yak", "zho").map(name -> name + number).toList();
    }

    /** Runs the round. The service must have no classes, and has none afterwards unless a promise was broken. */
    RoundResult run(ClusterFault fault) throws IOException {
        Load deliveries = load(
                Load.Mix.DELIVERIES,
                new Load.Size(steady, CLIENTS_OF_CLASS * steady.size(), STEADY_PAUSE, STEADY_DEFERRAL));
        Load anything = load(Load.Mix.ANYTHING, new Load.Size(changing, 1, CHANGING_PAUSE, CHANGING_DEFERRAL));
        Optional<String> unresponsive = underLoad(fault, deliveries, anything);
        long end = System.nanoTime();
        DeliveryAccounts accounts = new DeliveryAccounts(recorder.history().operations(), steady::contains);
        ClusterAudit audit = new ClusterAudit(nodes, recorder, steady, changing);
        List<String> violations = unresponsive
                .map(failure -> audit.violations(accounts, failure))
                .orElseGet(() -> audit.violations(accounts, anything.delivered()));
        return new RoundResult(
                fault,
                accounts.acknowledgements(faultBegin),
                Duration.ofNanos(end - faultBegin),
                Duration.ofNanos(steadyOutage(accounts, faultBegin, end)),
                audit.isUndecided(),
                violations,
                recorder.history());
    }

    private Load load(Load.Mix mix, Load.Size size) {
        return new Load(recorder, nodes.callers(), mix, size, nextId, random.split());
    }

    /**
     * Lets the fault occur under load, and stops the load; returns what the cluster did not do in time, if anything.
     */
    private Optional<String> underLoad(ClusterFault fault, Load deliveries, Load anything) throws IOException {
        try (deliveries;
                anything) {
            deliveries.awaitAnswers(WARM_UP, LOAD_LIMIT);
            faultBegin = System.nanoTime();
            occur(fault);
            deliveries.awaitAnswers(AFTER_FAULT, LOAD_LIMIT);
            awaitWritable(System.nanoTime());
            return Optional.empty();
        } catch (UnresponsiveException failure) {
            return Optional.ofNullable(failure.getMessage());
        }
    }

    private long steadyOutage(DeliveryAccounts accounts, long from, long until) {
        return steady.stream()
                .mapToLong(label -> accounts.longestGap(label, from, until))
                .max()
                .orElse(0);
    }

    private void occur(ClusterFault fault) throws IOException {
        int node = random.nextInt(ClusterNodes.COUNT);
        switch (fault) {
            case KILL -> {
                nodes.process(node).kill();
                awaitWritable(System.nanoTime());
                nodes.restart(node);
            }
            case STOP_BRIEFLY -> stop(node, this::waitBriefly);
            case STOP_PAST_DOWNING -> stop(node, this::awaitTrimmed);
            case DATABASE_SHUTDOWN -> {
                server.shutDownAndRestart();
                awaitWritable(System.nanoTime());
            }
            case ROLLING_RESTART -> restartEach();
            case ROLLING_UPGRADE -> {
                nodes.changeBuild();
                restartEach();
            }
            case SEPARATE_BRIEFLY -> cutOff(node, NodeNetwork.Separation::separate, this::waitBriefly);
            case SEPARATE_PAST_DOWNING -> cutOff(node, NodeNetwork.Separation::separate, this::awaitTrimmed);
            case UNPLUG -> cutOff(node, NodeNetwork.Separation::unplug, this::awaitTrimmed);
        }
    }

    private void restartEach() throws IOException {
        for (int node = 0; node < ClusterNodes.COUNT; node++) {
            nodes.process(node).terminate();
            nodes.restart(node);
        }
    }

    private void waitBriefly() {
        LockSupport.parkNanos(random.nextLong(BRIEFLY.toNanos()));
    }

    /** Cuts a node off for a while, and starts it again if it ends because it is alone. */
    private void cutOff(int node, ObjIntConsumer<NodeNetwork.Separation> cut, Runnable meanwhile) throws IOException {
        NodeNetwork.Separation separation = network.separation().orElseThrow();
        cut.accept(separation, node);
        meanwhile.run();
        separation.heal();
        awaitBack(node);
    }

    /** Stops a node for a while, and starts it again if it ends because the others have removed it. */
    private void stop(int node, Runnable meanwhile) throws IOException {
        nodes.process(node).suspend();
        meanwhile.run();
        nodes.process(node).resume();
        awaitBack(node);
    }

    private void awaitBack(int node) throws IOException {
        if (nodes.endsWithin(node, NOTICE_LIMIT)) {
            nodes.restart(node);
        } else {
            nodes.awaitAllReady();
        }
    }

    /** Waits until each class can be written to, and has deleted events that were stored after this moment. */
    private void awaitTrimmed() {
        awaitWritable(System.nanoTime());
        Map<String, Long> before = floors.read();
        ClusterNodes.await(
                "the journals are trimmed", WRITABLE_LIMIT, () -> floors.trimmedSince(before) >= steady.size());
    }

    /** Waits until deliveries to each class were acknowledged that were sent after a moment. */
    private void awaitWritable(long after) {
        ClusterNodes.await("every class can be written to", WRITABLE_LIMIT, () -> {
            List<Operation> later = recorder.history().operations().stream()
                    .filter(operation -> operation.sent() > after)
                    .toList();
            DeliveryAccounts now = new DeliveryAccounts(later, steady::contains);
            return steady.stream().allMatch(label -> now.hasAcknowledged(label, after));
        });
    }
}
