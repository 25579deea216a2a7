package dev.reverie.streams.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A bounded list of points of the learning curves, in which recent points are closer together in time than old ones.
 * Thread safe.
 */
final class LearningCurves {

    private final int maxPoints;
    private final int maxLosses;
    private final List<CurvePoint> points = new ArrayList<>();
    private long forgotten;

    /** The matching loss of one class at one point in time. */
    record ClassLoss(Instant at, double matchingLoss) {}

    /**
     * Creates curves without points.
     *
     * @param maxPoints maximum number of points, at least 2
     * @param maxLosses maximum number of losses of classes in all points together; the latest point stays even if it
     *     exceeds this limit
     */
    LearningCurves(int maxPoints, int maxLosses) {
        this.maxPoints = maxPoints;
        this.maxLosses = maxLosses;
    }

    /** Returns all points, oldest first. */
    synchronized List<CurvePoint> points() {
        return List.copyOf(points);
    }

    /** Returns the matching losses of a class, oldest first. */
    List<ClassLoss> lossesOf(String label) {
        return points().stream()
                .flatMap(point ->
                        Stream.ofNullable(point.losses().get(label)).map(loss -> new ClassLoss(point.at(), loss)))
                .toList();
    }

    /** Returns the number of classes forgotten so far. */
    synchronized long forgotten() {
        return forgotten;
    }

    /**
     * Adds a point, unless a class was forgotten while the point was being created: the point may still contain that
     * class.
     *
     * @param forgottenThen number of classes that had been forgotten when the creation of the point began
     */
    synchronized void add(CurvePoint point, long forgottenThen) {
        if (forgotten != forgottenThen) {
            return;
        }
        points.add(point);
        while (points.size() > maxPoints || (points.size() > 1 && losses() > maxLosses)) {
            Thinning.removeMostRedundant(points, CurvePoint::at);
        }
    }

    /** Returns the labels of all classes in the curves. */
    synchronized Set<String> labels() {
        return points.stream()
                .flatMap(point -> point.losses().keySet().stream())
                .collect(Collectors.toSet());
    }

    synchronized void forget(String label) {
        forgotten++;
        points.replaceAll(point -> point.without(label));
    }

    private int losses() {
        return points.stream().mapToInt(point -> point.losses().size()).sum();
    }
}
