package dev.reverie.gpu.method;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Seeds of the random choices in a run, as a pure function of what each choice is for and where in the run it happens.
 *
 * <p>Nothing holds a generator across steps. So a resumed run needs no generator state in its checkpoint, a step that
 * is repeated after a failure draws the same numbers, and a class that joins late or is skipped shifts nobody else's
 * numbers. A generator that is passed along offers none of the three.
 */
public final class Seeds {

    /** 2^64 divided by the golden ratio, made odd: the increment of SplitMix64 (Steele, Lea, Flood, 2014). */
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private Seeds() {}

    /** What a random choice is for. The codes are part of what makes a run reproducible: add, never renumber. */
    public enum Purpose {
        /** Weights of a fresh matching network. */
        NETWORK(1),
        /** A class step: augmentation, subsample of the decoded images. */
        MATCH(2),
        /** Training steps of the matching network: augmentation, cutmix. */
        TRAIN(3),
        /** Representatives: which candidates are looked at, where k-means starts. */
        SELECT(4),
        /** Real images that the synthetic ones start from. */
        INITIALISE(5),
        /** Order of the real images that train the matching network. */
        SHUFFLE(6),
        /** Random real batch of a class step. */
        REAL_BATCH(7),
        /** Network and batches of an evaluation. */
        EVALUATE(8),
        /** Training of the network in whose features the initialiser chooses. */
        FEATURES(9),
        /** Which samples of a stream a class keeps. */
        RESERVOIR(10),
        /** Augmentation of the synthetic images in a calibration step. */
        CALIBRATE(11),
        /** Which of several networks a step uses, and how its weights are varied. */
        POOL(12),
        /** Training of a fresh network before its first inner loop. */
        WARM_UP(13),
        /** A student's walk: which segment of which expert, batches, augmentation. */
        ROLLOUT(14),
        /** Where characteristic functions are looked at. */
        FREQUENCIES(17),
        /** Networks, batches and random subsets of a ranking. */
        RANK(20);

        private final int code;

        Purpose(int code) {
            this.code = code;
        }
    }

    /**
     * The 64-bit seed of one choice. Seeds of different arguments behave as independent, also where the arguments
     * differ in one bit or only in their order or number.
     *
     * @param seed of the run
     * @param coordinates where in the run, for example outer iteration, inner loop, class index
     */
    public static long of(long seed, Purpose purpose, long... coordinates) {
        long state = absorb(absorb(0, seed), purpose.code | ((long) coordinates.length << Integer.SIZE));
        for (long coordinate : coordinates) {
            state = absorb(state, coordinate);
        }
        return state;
    }

    /** A fresh generator for a seed of {@link #of}; equal seeds give equal sequences. Not thread safe. */
    public static RandomGenerator generator(long seed) {
        return new SplittableRandom(seed);
    }

    /** One to one in either argument while the other is held, so two states merge no more often than by chance. */
    private static long absorb(long state, long value) {
        return mix((state ^ value) + GOLDEN_GAMMA);
    }

    /** The finaliser of SplitMix64 (variant 13 of Stafford): each input bit flips each output bit half of the time. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
