package dev.reverie.deploy.history;

import dev.reverie.deploy.history.ServiceModel.Effect;
import dev.reverie.deploy.history.ServiceModel.Fingerprint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Searches for an order of events that explains a history, after Wing and Gong (Testing and verifying concurrent
 * objects, 1993) with the memory of Lowe (Testing for linearizability, 2017). Steps that change nothing are taken as
 * soon as they fit, since they cannot hinder any later step; the search branches only over changes. It branches only
 * over those that have to do with the step that must be taken first, and after a dead end it returns to the last choice
 * that has to do with the classes of the dead end (conflict-directed backjumping, Prosser 1993). A request without a
 * clear answer rarely takes effect long after its client stopped waiting, so the first searches let only a few of them
 * do so in each class, and the last search lets all (after limited discrepancy search, Harvey and Ginsberg 1995).
 */
public final class HistoryChecker {

    /** States after which a search is given up, three minutes at most, and the first search of each class. */
    private static final int BUDGET = 40_000;

    private static final int FIRST_BUDGET = 2_000;

    /** Time after which the effect of a request that its client no longer waits for is late, in ns. */
    private static final long LATE = 300_000_000;

    private static final long EVERY_CLASS = -1;

    /** Stack of the search, in bytes: one frame for each change. */
    private static final long STACK = 1L << 29;

    private final StepList list;
    private final ServiceModel model;
    private final ContradictionReport contradictions;
    private final NextLook nextLook;
    private final long[] scopes;
    private final LateChanges late;
    private final int budget;
    private final Map<Fingerprint, Long> visited = new HashMap<>();
    private int epoch;
    private int firstOpen;
    private int takenCount;
    private long now;
    private int bestCount = -1;
    private String bestReport = "";
    private boolean exhausted;

    /**
     * Creates a search.
     *
     * @param limit maximum numbers of requests that may take effect late
     * @param budget states after which the search is given up
     */
    private HistoryChecker(StepList list, LateChanges.Limit limit, int budget) {
        this.list = list;
        this.budget = budget;
        this.model = new ServiceModel(list);
        this.contradictions = new ContradictionReport(list, model);
        this.nextLook = new NextLook(list, model);
        this.scopes = list.scopes();
        this.late = new LateChanges(list, limit);
    }

    /**
     * Decides whether some order of events explains the history. Searches for an order of each class first, because
     * most violations are found there with few states.
     */
    public static Verdict check(History history) {
        return check(history, BUDGET);
    }

    /**
     * Decides whether some order of events explains the history.
     *
     * @param budget states after which each search is given up
     */
    public static Verdict check(History history, int budget) {
        StepList all = StepList.of(history);
        return unexplainedClass(all, FIRST_BUDGET)
                .or(() -> LateChanges.Limit.FIRST.stream()
                        .map(limit -> new HistoryChecker(all, limit, budget).search())
                        .filter(Verdict.Explained.class::isInstance)
                        .findFirst())
                .or(() -> unexplainedClass(all, budget))
                .orElseGet(() -> new HistoryChecker(all, LateChanges.Limit.NONE, budget).search());
    }

    private static Optional<Verdict> unexplainedClass(StepList all, int budget) {
        return IntStream.range(0, all.labels().size())
                .mapToObj(label -> new HistoryChecker(all.of(label), LateChanges.Limit.NONE, budget).search())
                .filter(Verdict.Unexplained.class::isInstance)
                .findFirst();
    }

    private Verdict search() {
        FutureTask<Long> search = new FutureTask<>(this::stuckClasses);
        new Thread(null, search, "history-checker", STACK).start();
        try {
            if (search.get() == 0) {
                return new Verdict.Explained();
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return new Verdict.Undecided(visited.size(), bestReport);
        } catch (ExecutionException defect) {
            throw new IllegalStateException("the search failed", defect);
        }
        return exhausted ? new Verdict.Undecided(visited.size(), bestReport) : new Verdict.Unexplained(bestReport);
    }

    /**
     * Returns a set of classes whose steps have no order from here, whatever the other classes do; empty if all steps
     * have one. Sets of classes are bit masks.
     */
    private long stuckClasses() {
        List<Runnable> settled = takeAllThatChangeNothing();
        List<Integer> candidates = candidates();
        long stuck = 0;
        if (!candidates.stream().allMatch(i -> moment(i).optional())) {
            note(candidates);
            Fingerprint state = model.fingerprint();
            Long known = visited.get(state);
            stuck = known == null ? unreachable(candidates).orElseGet(() -> branch(candidates)) : known;
            visited.put(state, stuck);
        }
        settled.reversed().forEach(Runnable::run);
        return stuck;
    }

    /** The classes of a read that no step which can still come before it lets fit; empty if there is none. */
    private Optional<Long> unreachable(List<Integer> candidates) {
        return candidates.stream()
                .filter(i -> !list.steps().get(i).isChange()
                        && !readsBefore(i).contain(list.steps().get(i)))
                .map(this::scope)
                .findFirst();
    }

    /** The reads that are reachable before the end of a step. */
    private ReachableReads readsBefore(int end) {
        ReachableReads reads = new ReachableReads(list, model, late);
        for (int i = firstOpen;
                i < list.steps().size() && moment(i).sent() < moment(end).ended();
                i++) {
            if (!model.isTaken(i) && moment(i).epoch() == epoch) {
                reads.add(list.steps().get(i), isLate(i));
            }
        }
        return reads;
    }

    /** Tries the steps that have to do with the one that must be taken first. */
    private long branch(List<Integer> candidates) {
        if (visited.size() > budget) {
            exhausted = true;
            return EVERY_CLASS;
        }
        long stuck = scope(candidates.getFirst());
        Set<Integer> tried = new HashSet<>();
        for (int next = next(candidates, tried, stuck); next >= 0; next = next(candidates, tried, stuck)) {
            tried.add(next);
            Effect effect = model.effectOf(next);
            if (effect == Effect.CONTRADICTION) {
                stuck |= list.steps().get(next).isChange() ? scope(next) : 0;
            } else if (!moment(next).optional() || effect == Effect.CHANGE) {
                Runnable back = take(next);
                long stuckAfter = stuckClasses();
                back.run();
                boolean isDeath = list.steps().get(next) instanceof Step.Death;
                if (stuckAfter == 0 || exhausted || (!isDeath && (stuckAfter & scope(next)) == 0)) {
                    return stuckAfter;
                }
                stuck |= stuckAfter;
            }
        }
        return stuck;
    }

    /**
     * The first candidate, or the next one that was not tried and has to do with these classes; -1 if there is none. A
     * DELETE comes first if the first candidate waits for one, and otherwise last, because it often takes effect after
     * the deliveries that it lets fail.
     */
    private int next(List<Integer> candidates, Set<Integer> tried, long classes) {
        if (tried.isEmpty()) {
            return candidates.getFirst();
        }
        boolean deletionFirst = model.awaitsDeletion(candidates.getFirst());
        return candidates.stream()
                .filter(i -> !tried.contains(i) && (scope(i) & classes) != 0 && isWithinLimit(i))
                .min(Comparator.comparing(
                                (Integer i) -> deletionFirst != (list.steps().get(i) instanceof Step.Deletion))
                        .thenComparing(i -> nextLook.misfit(i, firstOpen))
                        .thenComparing(i -> !(list.steps().get(i) instanceof Step.Part)))
                .orElse(-1);
    }

    private boolean isWithinLimit(int index) {
        return !isLate(index) || late.admit(index);
    }

    /** Whether a request without a clear answer would take effect late. */
    private boolean isLate(int index) {
        return moment(index).optional()
                && list.operations().get(moment(index).operation()).ended() + LATE < now;
    }

    /** The classes on which it depends whether a step can be taken. */
    private long scope(int index) {
        return scopes[index];
    }

    private List<Runnable> takeAllThatChangeNothing() {
        List<Runnable> back = new ArrayList<>();
        boolean found = true;
        while (found) {
            found = false;
            for (int candidate : candidates()) {
                if (isClear(candidate) && model.effectOf(candidate) == Effect.NONE) {
                    back.add(take(candidate));
                    found = true;
                }
            }
        }
        return back;
    }

    /** Whether a request was answered, and the answer does not leave open whether it changed anything. */
    private boolean isClear(int index) {
        boolean isOpen = list.steps().get(index) instanceof Step.Deletion deletion
                && deletion.found().isEmpty();
        return !moment(index).optional() && !isOpen;
    }

    private Runnable take(int index) {
        int epochBefore = epoch;
        int firstBefore = firstOpen;
        long nowBefore = now;
        boolean isLate = isLate(index);
        if (isLate) {
            late.add(index, 1);
        }
        now = Math.max(now, moment(index).sent());
        Runnable back = model.take(index);
        takenCount++;
        if (list.steps().get(index) instanceof Step.Death) {
            epoch++;
            firstOpen = index + 1;
        }
        while (firstOpen < list.steps().size() && model.isTaken(firstOpen)) {
            firstOpen++;
        }
        return () -> {
            epoch = epochBefore;
            firstOpen = firstBefore;
            now = nowBefore;
            if (isLate) {
                late.add(index, -1);
            }
            takenCount--;
            back.run();
        };
    }

    /**
     * The steps that can be next: those that began before the first end of an open step. Steps that must take effect
     * come first, ordered by their ends.
     */
    private List<Integer> candidates() {
        List<Integer> open = new ArrayList<>();
        long firstEnd = Long.MAX_VALUE;
        for (int i = firstOpen; i < list.steps().size() && moment(i).sent() < firstEnd; i++) {
            if (!model.isTaken(i) && moment(i).epoch() == epoch) {
                open.add(i);
                firstEnd = Math.min(firstEnd, moment(i).ended());
            }
        }
        open.sort(Comparator.comparingLong(i -> moment(i).ended()));
        return open;
    }

    private Step.Moment moment(int index) {
        return list.steps().get(index).moment();
    }

    /** Remembers how far the search came, and which steps it could not take there. */
    private void note(List<Integer> candidates) {
        if (takenCount <= bestCount) {
            return;
        }
        bestCount = takenCount;
        bestReport = candidates.stream()
                .filter(i -> !moment(i).optional() && model.effectOf(i) == Effect.CONTRADICTION)
                .map(i -> contradictions.describe(list.steps().get(i)) + "\n")
                .collect(Collectors.joining());
    }
}
