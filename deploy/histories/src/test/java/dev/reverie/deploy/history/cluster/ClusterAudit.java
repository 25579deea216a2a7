package dev.reverie.deploy.history.cluster;

import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.History;
import dev.reverie.deploy.history.HistoryChecker;
import dev.reverie.deploy.history.Operation;
import dev.reverie.deploy.history.Request;
import dev.reverie.deploy.history.SampleKey;
import dev.reverie.deploy.history.Verdict;
import dev.reverie.deploy.history.rounds.HistoryRecorder;
import dev.reverie.deploy.history.rounds.UnresponsiveException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Sends everything again after a load, reads the totals of all nodes, and says which promises were broken. */
final class ClusterAudit {

    private static final String AUDITOR = "audit";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Samples that are sent again in one request. */
    private static final int BATCH = 100;
    /** States after which a search for an order is given up: a few seconds. */
    private static final int BUDGET = 5_000;

    private final ClusterNodes nodes;
    private final HistoryRecorder recorder;
    private final List<String> steady;
    private final List<String> changing;
    private final List<String> violations = new ArrayList<>();
    private boolean undecided;

    /**
     * Creates an audit.
     *
     * @param recorder has the history of the load, and gets that of the audit
     * @param steady labels of the classes that were only delivered to
     * @param changing labels of the other classes
     */
    ClusterAudit(ClusterNodes nodes, HistoryRecorder recorder, List<String> steady, List<String> changing) {
        this.nodes = nodes;
        this.recorder = recorder;
        this.steady = steady;
        this.changing = changing;
    }

    /** Whether the search for an order of the history was given up. */
    boolean isUndecided() {
        return undecided;
    }

    /**
     * Audits the cluster, and deletes all classes.
     *
     * @param accounts of the load
     * @param changed what was delivered to the other classes
     */
    List<String> violations(DeliveryAccounts accounts, List<List<SampleKey>> changed) {
        try {
            nodes.awaitAllReady();
            report(accounts);
            compareBefore(accounts, agreedClasses());
            int lost = sendAgain(accounts.acknowledged());
            require(lost == 0, lost + " acknowledged samples were new when they were sent again");
            sendAgain(accounts.unacknowledged());
            changed.forEach(samples -> answered(0, new Request.Deliver(samples)));
            Map<String, Answer.ClassView> shown = agreedClasses();
            compareAfter(accounts, shown);
            IntStream.range(0, ClusterNodes.COUNT).forEach(node -> {
                answered(node, new Request.ReadClasses());
                compareTotals(answered(node, new Request.ReadStatus()), shown);
            });
            check();
            deleteAll();
        } catch (UnresponsiveException failure) {
            violations.add(String.valueOf(failure.getMessage()));
        }
        return List.copyOf(violations);
    }

    /** Audits only the answers under load, because the cluster did not do something in time. */
    List<String> violations(DeliveryAccounts accounts, String unresponsive) {
        violations.add(unresponsive);
        report(accounts);
        return List.copyOf(violations);
    }

    private void require(boolean kept, String violation) {
        if (!kept) {
            violations.add(violation);
        }
    }

    private void report(DeliveryAccounts accounts) {
        require(accounts.lost() == 0, accounts.lost() + " acknowledged samples were new in a later delivery");
        require(accounts.countedTwice() == 0, accounts.countedTwice() + " samples were new more than once");
        requireNone(accounts.inexplicable(), "answers that nothing explains");
        requireNone(accounts.fallingReads(), "reads with fewer samples of a class than before");
    }

    private void requireNone(Collection<Operation> operations, String what) {
        operations.stream()
                .findFirst()
                .ifPresent(first -> violations.add("%d %s, such as %s".formatted(operations.size(), what, first)));
    }

    /** Before they are sent again, all acknowledged samples are stored, and nothing that was not sent or was denied. */
    private void compareBefore(DeliveryAccounts accounts, Map<String, Answer.ClassView> shown) {
        for (String label : steady) {
            long seen = Optional.ofNullable(shown.get(label))
                    .map(Answer.ClassView::seen)
                    .orElse(0L);
            long durable = accounts.durable().getOrDefault(label, 0L);
            long most = accounts.perhapsStored().getOrDefault(label, 0L);
            require(
                    seen >= durable && seen <= most,
                    "%s has %d samples, not %d to %d".formatted(label, seen, durable, most));
        }
    }

    /** After everything was sent again, each sample is counted once. */
    private void compareAfter(DeliveryAccounts accounts, Map<String, Answer.ClassView> shown) {
        accounts.delivered().forEach((label, delivered) -> {
            long seen = Optional.ofNullable(shown.get(label))
                    .map(Answer.ClassView::seen)
                    .orElse(0L);
            require(seen == delivered, "%s has %d samples in the end, not %d".formatted(label, seen, delivered));
        });
    }

    private void compareTotals(Answer status, Map<String, Answer.ClassView> shown) {
        long samples = shown.values().stream().mapToLong(Answer.ClassView::seen).sum();
        require(
                status.equals(new Answer.Status(samples, shown.size())),
                "the totals are %s, not %d samples of %d classes".formatted(status, samples, shown.size()));
    }

    /** Sends samples again in few requests, each to one class; returns how many were new. */
    private int sendAgain(List<List<SampleKey>> deliveries) {
        Map<String, List<SampleKey>> byLabel =
                deliveries.stream().flatMap(List::stream).distinct().collect(Collectors.groupingBy(SampleKey::label));
        int accepted = 0;
        int requests = 0;
        for (List<SampleKey> samples : byLabel.values()) {
            for (int from = 0; from < samples.size(); from += BATCH) {
                List<SampleKey> batch = samples.subList(from, Math.min(samples.size(), from + BATCH));
                Answer answer = answered(requests++ % ClusterNodes.COUNT, new Request.Deliver(batch));
                if (answer instanceof Answer.Accepted(var fresh, var _, var refused) && refused.isEmpty()) {
                    accepted += fresh;
                } else {
                    violations.add("samples that were sent again got " + answer);
                }
            }
        }
        return accepted;
    }

    /** Sends a request again until its answer is clear. */
    private Answer answered(int node, Request request) {
        return ClusterNodes.awaitValue("a clear answer to " + request, LIMIT, () -> Optional.of(recorder.record(
                        AUDITOR, request, () -> nodes.caller(node).send(request)))
                .filter(answer -> !(answer instanceof Answer.Unknown) && !(answer instanceof Answer.NotStored)));
    }

    /** The classes, as soon as all nodes show the same ones. */
    private Map<String, Answer.ClassView> agreedClasses() {
        return ClusterNodes.awaitValue("all nodes show the same classes", LIMIT, () -> {
            List<Answer> answers = nodes.callers().stream()
                    .map(caller -> caller.send(new Request.ReadClasses()))
                    .distinct()
                    .toList();
            return answers.size() == 1 && answers.getFirst() instanceof Answer.Classes(var classes)
                    ? Optional.of(classes)
                    : Optional.empty();
        });
    }

    /** Searches for an order of the requests to the classes that were also sealed and deleted. */
    private void check() {
        List<Operation> judged = recorder.history().operations().stream()
                .flatMap(operation -> ofChanging(operation).stream())
                .toList();
        History history = new History(ConcurrentDeletes.marked(judged), List.of());
        switch (HistoryChecker.check(history, BUDGET)) {
            case Verdict.Explained _ -> {}
            case Verdict.Undecided _ -> undecided = true;
            case Verdict.Unexplained unexplained -> violations.add(unexplained.toString());
        }
    }

    private Optional<Operation> ofChanging(Operation operation) {
        return switch (operation.request()) {
            case Request.Deliver(var samples) ->
                Optional.of(operation)
                        .filter(_ -> changing.contains(samples.getFirst().label()));
            case Request.Delete _, Request.Seal _ -> Optional.of(operation);
            case Request.ReadClasses _ ->
                Optional.of(operation)
                        .filter(read -> read.client().equals(AUDITOR))
                        .map(read -> DeliveryAccounts.restricted(read, changing::contains));
            case Request.ReadStatus _, Request.ReadMemory _ -> Optional.empty();
        };
    }

    private void deleteAll() {
        Stream.concat(steady.stream(), changing.stream()).forEach(label -> answered(0, new Request.Delete(label)));
        require(agreedClasses().isEmpty(), "classes are shown after all were deleted");
    }
}
