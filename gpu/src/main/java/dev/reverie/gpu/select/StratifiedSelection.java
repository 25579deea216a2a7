package dev.reverie.gpu.select;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Stratified sampling: the images of a class are divided into strata of similar images, and a batch has one random
 * image of each. The strata have equal sizes, up to one image, so all images are almost equally likely and need no
 * weights. The mean features of a batch estimate those of the class as random batches do, but vary less.
 */
public final class StratifiedSelection {

    private StratifiedSelection() {}

    /**
     * Orders all points so that similar ones are neighbours: cluster by cluster, beginning with the first cluster and
     * going on with the remaining cluster whose representative is nearest to that of the last one.
     */
    public static List<Integer> order(KMeans.Clustering clustering, Features points) {
        List<Integer> representatives =
                clustering.nearest().stream().map(List::getFirst).toList();
        int[] rank = new int[representatives.size()];
        List<Integer> remaining = new ArrayList<>(
                IntStream.range(1, representatives.size()).boxed().toList());
        int last = 0;
        for (int place = 1; !remaining.isEmpty(); place++) {
            int from = representatives.get(last);
            Integer next = remaining.stream()
                    .min(Comparator.comparingDouble(k -> points.squaredDistance(from, representatives.get(k))))
                    .orElseThrow();
            remaining.remove(next);
            rank[next] = place;
            last = next;
        }
        return IntStream.range(0, points.count())
                .boxed()
                .sorted(Comparator.comparingInt(
                        point -> rank[clustering.assignment().get(point)]))
                .toList();
    }

    /**
     * Returns batch {@code number}, counted from 0, of an endless sequence of batches: one random place of each
     * stratum. The strata are {@code size} parts of equal length, up to one, of the places of the images that
     * {@link #order} has ordered. Within an epoch of {@code ordered / size} batches, no place occurs twice; the
     * remaining places are left out, and the next epoch draws anew. If there are fewer than {@code size} places, every
     * batch contains all of them. Each call repeats the draws of its epoch, so no state is needed between calls.
     */
    public static List<Integer> batch(int ordered, int size, long number, long seed) {
        RandomSelection.requireBatch(size, number);
        int strata = Math.min(size, ordered);
        if (strata == 0) {
            return List.of();
        }
        int perEpoch = ordered / strata;
        int inEpoch = (int) (number % perEpoch);
        return IntStream.range(0, strata)
                .mapToObj(stratum -> {
                    int first = start(stratum, strata, ordered);
                    int length = start(stratum + 1, strata, ordered) - first;
                    long draw = seed + (number / perEpoch) * strata + stratum;
                    return first + RandomSelection.of(length, inEpoch + 1, draw).get(inEpoch);
                })
                .toList();
    }

    private static int start(int stratum, int strata, int ordered) {
        return (int) ((long) stratum * ordered / strata);
    }
}
