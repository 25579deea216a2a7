package dev.reverie.lab.continual;

import dev.reverie.gpu.Labelled;
import dev.reverie.gpu.evaluate.LearningRateSchedule;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * An evaluation protocol, which determines the order in which classes arrive and how networks are trained on memories.
 */
public enum Protocol implements Labelled {
    FRESH("fresh networks, classes in the order of the dataset", 1, Protocol.QUICK_WIDTH),
    /** DM's version of GDumb (Prabhu et al., 2020). */
    GDUMB("fresh networks by the recipe of DSA and DM, classes in an order drawn by the seed (DM's protocol)", 3, 128),
    IDC(
            "one network trained further in each step with its earlier state as teacher, classes in a fixed order (IDC's protocol)",
            1,
            128),
    REPLAY(
            "one network that sees each image once and replays the memory of the earlier steps (experience replay),"
                    + " classes in the order of the dataset",
            1,
            Protocol.QUICK_WIDTH);

    /** The default number of channels of a ConvNet, unless it is published. */
    static final int QUICK_WIDTH = 48;

    /** The default number of gradient steps, unless the length of the training is published. */
    static final int QUICK_STEPS = 2100;

    private final String description;
    private final int repeats;
    private final int width;

    Protocol(String description, int repeats, int width) {
        this.description = description;
        this.repeats = repeats;
        this.width = width;
    }

    /**
     * Returns the classes that arrive in each step.
     *
     * @throws IllegalArgumentException if the number of steps is not from 1 to the number of classes, or if the seed
     *     draws the order but is not from 0 to {@link NumpyPermutation#MAX_SEED}
     */
    List<List<Integer>> steps(int classes, int steps, long seed) {
        return switch (this) {
            case FRESH, REPLAY ->
                ContinualPlan.split(IntStream.range(0, classes).boxed().toList(), steps);
            case GDUMB -> ContinualPlan.split(NumpyPermutation.of(classes, seed), steps);
            case IDC -> // whose program sorts the classes of a step
                ContinualPlan.split(NumpyPermutation.of(classes, 0), steps).stream()
                        .map(step -> step.stream().sorted().toList())
                        .toList();
        };
    }

    TrainingRecipe recipe(String dataset, int ipc, int factor) {
        return switch (this) {
            case FRESH -> TrainingRecipe.published(dataset, ipc, factor);
            case GDUMB -> TrainingRecipe.oneTransformation(dataset);
            case IDC -> TrainingRecipe.published(dataset, ipc, factor).withSchedule(LearningRateSchedule.FIFTHS);
            case REPLAY -> TrainingRecipe.online(dataset);
        };
    }

    /** Whether one network is trained further in each step. */
    boolean continuesTraining() {
        return this == IDC || this == REPLAY;
    }

    /** Whether networks are trained on the real images of a step, and on the memory of the earlier steps. */
    boolean replays() {
        return this == REPLAY;
    }

    int repeats() {
        return repeats;
    }

    int width() {
        return width;
    }

    /** Returns the default number of gradient steps after each step, unless as many epochs as published are. */
    Optional<Integer> trainingSteps() {
        return Optional.of(QUICK_STEPS).filter(_ -> this == FRESH);
    }

    String description() {
        return description;
    }

    /**
     * Reproduces NumPy's {@code RandomState(seed).permutation(n)}, with which the published programs order the classes.
     */
    static final class NumpyPermutation {

        /** The largest seed: half of NumPy's range, because Commons Math sign-extends larger seeds. */
        static final long MAX_SEED = Integer.MAX_VALUE;

        private NumpyPermutation() {}

        /** Returns the integers from 0 to {@code count - 1} in an order that the seed determines. */
        static List<Integer> of(int count, long seed) {
            if (seed < 0 || seed > MAX_SEED) {
                throw new IllegalArgumentException(
                        "a seed for the order of classes must be from 0 to " + MAX_SEED + ", not " + seed);
            }
            MersenneTwister random = new MersenneTwister((int) seed);
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, count).boxed().toList());
            for (int last = count - 1; last > 0; last--) {
                Collections.swap(order, last, uniformUpTo(last, random));
            }
            return List.copyOf(order);
        }

        /**
         * Draws a number with as many random bits as {@code largest} has, and repeats the draw while the number is too
         * large.
         */
        private static int uniformUpTo(int largest, MersenneTwister random) {
            int mask = 2 * Integer.highestOneBit(largest) - 1;
            int drawn = random.nextInt() & mask;
            while (drawn > largest) {
                drawn = random.nextInt() & mask;
            }
            return drawn;
        }
    }
}
