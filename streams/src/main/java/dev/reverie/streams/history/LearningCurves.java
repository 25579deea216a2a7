package dev.reverie.streams.history;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
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
    private final List<Point> points = new ArrayList<>();
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
    synchronized List<Point> points() {
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
    synchronized void add(Point point, long forgottenThen) {
        if (forgotten != forgottenThen) {
            return;
        }
        points.add(point);
        while (points.size() > maxPoints || (points.size() > 1 && losses() > maxLosses)) {
            Thinning.removeMostRedundant(points, Point::at);
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

    /**
     * The state of learning at one point in time.
     *
     * @param samples number of durable samples of all classes, without duplicates
     * @param innerLoops number of inner loops completed over the life of the store
     * @param matchingLoss mean matching loss of the inner loops since the point before; empty if there were none
     * @param heldOutAccuracy latest held-out accuracy; empty before the first evaluation
     * @param losses latest matching loss of each class that has one, by its label
     */
    record Point(
            Instant at,
            long samples,
            long innerLoops,
            OptionalDouble matchingLoss,
            OptionalDouble heldOutAccuracy,
            @JsonIgnore Map<String, Double> losses) {

        Point {
            losses = Map.copyOf(losses);
        }

        Point without(String label) {
            Map<String, Double> others = losses.entrySet().stream()
                    .filter(loss -> !loss.getKey().equals(label))
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
            return new Point(at, samples, innerLoops, matchingLoss, heldOutAccuracy, others);
        }
    }
}
