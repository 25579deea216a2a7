package dev.reverie.actors.run;

import dev.reverie.actors.classes.Member;
import dev.reverie.actors.schedule.Position;
import dev.reverie.actors.schedule.Visit;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The visits of one inner loop: which are still to be made, which are on their way, what came of them. */
final class InnerLoop {

    private final Position position;
    private final List<Member> members;
    private final Instant begin;
    private final Set<Integer> onTheWay = new HashSet<>();
    private boolean open;
    private int next;
    private int matched;
    private double lossSum;
    private double workerSeconds;

    InnerLoop(Position position, List<Member> members, Instant begin) {
        this.position = position;
        this.members = List.copyOf(members);
        this.begin = begin;
    }

    /** From now on there are visits to make. */
    void open() {
        open = true;
    }

    /** The next visit to make; empty before the loop is open and when all are under way or made. */
    Optional<Visit> nextVisit() {
        if (!open || next == members.size()) {
            return Optional.empty();
        }
        Visit visit = new Visit(position, members.get(next).label(), next, members.size());
        next++;
        onTheWay.add(visit.label());
        return Optional.of(visit);
    }

    void matched(Visit visit, double loss, double seconds) {
        skipped(visit);
        matched++;
        lossSum += loss;
        workerSeconds += seconds;
    }

    void skipped(Visit visit) {
        if (!visit.position().equals(position) || !onTheWay.remove(visit.label())) {
            throw new IllegalStateException("no such visit is under way: " + visit);
        }
    }

    /** Whether every class had its turn. */
    boolean isComplete() {
        return open && next == members.size() && onTheWay.isEmpty();
    }

    void addWorkerSeconds(double seconds) {
        workerSeconds += seconds;
    }

    Position position() {
        return position;
    }

    Member owner(Visit visit) {
        return members.get(visit.turn());
    }

    List<Member> members() {
        return members;
    }

    Instant begin() {
        return begin;
    }

    /** Mean over the classes that were matched; NaN if none was. */
    double matchingLoss() {
        return lossSum / matched;
    }

    double workerSeconds() {
        return workerSeconds;
    }
}
