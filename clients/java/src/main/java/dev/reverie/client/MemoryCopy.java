package dev.reverie.client;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** A copy of a memory, from whose images batches are drawn by class. Immutable. */
final class MemoryCopy {

    private final String etag;
    private final MemoryImages images;
    private final Map<String, int[]> positions = new LinkedHashMap<>();

    MemoryCopy(String etag, MemoryImages images) {
        this.etag = etag;
        this.images = images;
        Map<String, List<Integer>> byClass = new LinkedHashMap<>();
        for (int i = 0; i < images.size(); i++) {
            byClass.computeIfAbsent(images.label(i), _ -> new ArrayList<>()).add(i);
        }
        byClass.forEach((label, of) ->
                positions.put(label, of.stream().mapToInt(Integer::intValue).toArray()));
    }

    String etag() {
        return etag;
    }

    MemoryImages images() {
        return images;
    }

    /** Draws a batch that is balanced over the classes, and repeats no image before all of its class are drawn. */
    MemoryImages draw(BatchRequest request) throws ReverieException {
        List<String> labels = request.classes().isEmpty()
                ? List.copyOf(positions.keySet())
                : request.classes().stream()
                        .map(label -> Normalizer.normalize(label, Normalizer.Form.NFC))
                        .distinct()
                        .toList();
        for (String label : labels) {
            if (!positions.containsKey(label)) {
                throw ReverieException.Refused.unknownClass(label);
            }
        }
        RandomGenerator random = request.seed().isPresent()
                ? new SplittableRandom(request.seed().getAsLong())
                : ThreadLocalRandom.current();
        List<String> shuffled = new ArrayList<>(labels);
        Collections.shuffle(shuffled, random);
        int share = request.images() / shuffled.size();
        int more = request.images() % shuffled.size();
        int[] drawn = IntStream.range(0, shuffled.size())
                .flatMap(rank -> drawn(shuffled.get(rank), rank < more ? share + 1 : share, random))
                .toArray();
        shuffle(drawn, random);
        return images.pick(drawn);
    }

    private IntStream drawn(String label, int count, RandomGenerator random) {
        int[] own = positions.getOrDefault(label, new int[0]).clone();
        shuffle(own, random);
        return IntStream.range(0, count).map(i -> own[i % own.length]);
    }

    private static void shuffle(int[] values, RandomGenerator random) {
        for (int last = values.length - 1; last > 0; last--) {
            int other = random.nextInt(last + 1);
            int kept = values[last];
            values[last] = values[other];
            values[other] = kept;
        }
    }
}
