package dev.reverie.gpu.method;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Derives the seed of each random choice in a run, as a pure function of the run's seed, the purpose of the choice and
 * the position in the run.
 *
 * <p>Each random number generator is used for at most one step. A resumed run therefore needs no generator state in its
 * checkpoint. A step that is repeated after a failure draws the same numbers, and a class that joins late or is skipped
 * does not change the numbers of the other classes.
 */
public final class Seeds {

    /** 2^64 divided by the golden ratio, made odd: the increment of SplitMix64 (Steele, Lea, Flood, 2014). */
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private Seeds() {}

    /**
     * The purpose of a random choice. Reproducible runs depend on the codes: new codes may be added, but existing codes
     * must not change.
     */
    public enum Purpose {
        /** Weights of a fresh matching network. */
        NETWORK(1),
        /** A class step: the augmentation and the subset of the decoded images. */
        MATCH(2),
        /** Training steps of the matching network: augmentation and cutmix. */
        TRAIN(3),
        /** Representatives: the candidates, and the initial centroids of k-means. */
        SELECT(4),
        /** Real images with which the synthetic images are initialised. */
        INITIALISE(5),
        /** Order of the real images that train the matching network. */
        SHUFFLE(6),
        /** Random real batch of a class step. */
        REAL_BATCH(7),
        /** Networks and batches of an evaluation. */
        EVALUATE(8),
        /** Training of the network whose features the initialiser uses. */
        FEATURES(9),
        /** The samples of a stream that enter a class's reservoir. */
        RESERVOIR(10),
        /** Augmentation of the synthetic images in a calibration step. */
        CALIBRATE(11),
        /** The network that a step draws from the pool, and the variation of its weights. */
        POOL(12),
        /** Training of a fresh network before its first inner loop. */
        WARM_UP(13),
        /** A student's rollout: expert, segment, batches and augmentation. */
        ROLLOUT(14),
        /** Frequencies of characteristic functions. */
        FREQUENCIES(17),
        /** Networks, batches and random subsets of a ranking. */
        RANK(20),
        /** The samples of a class that are set aside for testing. */
        TEST_IMAGES(30),
        /** The expert that guides an inner loop, and the stages of its training. */
        STAGE(31);

        private final int code;

        Purpose(int code) {
            this.code = code;
        }
    }

    /**
     * Returns the 64-bit seed of one choice. Seeds of different arguments behave as if they were independent, even if
     * the arguments differ only in one bit, in their order or in their number.
     *
     * @param coordinates position in the run, for example outer iteration, inner loop and class index
     */
    public static long of(long seed, Purpose purpose, long... coordinates) {
        long state = absorb(absorb(0, seed), purpose.code | ((long) coordinates.length << Integer.SIZE));
        for (long coordinate : coordinates) {
            state = absorb(state, coordinate);
        }
        return state;
    }

    /** Returns a new generator for a seed of {@link #of}; equal seeds give equal sequences. Not thread safe. */
    public static RandomGenerator generator(long seed) {
        return new SplittableRandom(seed);
    }

    /** Injective in each argument, so two states collide no more often than by chance. */
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
