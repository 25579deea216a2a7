package dev.reverie.actors.deduplication;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Fingerprints in the order of their samples. Immutable. Instances are compared by identity. */
public final class FingerprintBlock {

    private final long[] pairs;

    private FingerprintBlock(long[] pairs) {
        if (pairs.length % 2 != 0) {
            throw new IllegalArgumentException("fingerprints need an even number of values, got " + pairs.length);
        }
        this.pairs = pairs;
    }

    public static FingerprintBlock of(List<SampleFingerprint> all) {
        long[] pairs = new long[2 * all.size()];
        for (int i = 0; i < all.size(); i++) {
            pairs[2 * i] = all.get(i).id();
            pairs[2 * i + 1] = all.get(i).content();
        }
        return new FingerprintBlock(pairs);
    }

    /** Copies fingerprints from an array: id, content, id, content and so on. */
    public static FingerprintBlock of(long[] pairs) {
        return new FingerprintBlock(pairs.clone());
    }

    /** The fingerprints at some positions, in their order. */
    public FingerprintBlock at(int[] positions) {
        return new FingerprintBlock(IntStream.of(positions)
                .mapToObj(i -> LongStream.of(id(i), content(i)))
                .flatMapToLong(pair -> pair)
                .toArray());
    }

    public int size() {
        return pairs.length / 2;
    }

    public long id(int index) {
        return pairs[2 * index];
    }

    public long content(int index) {
        return pairs[2 * index + 1];
    }

    /** Copies all fingerprints to an array: id, content, id, content and so on. */
    public long[] toArray() {
        return pairs.clone();
    }
}
