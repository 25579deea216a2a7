package dev.reverie.lab.continual;

import dev.reverie.gpu.Labelled;
import dev.reverie.gpu.evaluate.LearningRateSchedule;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * An evaluation protocol, which determines the order in which classes arrive and how networks are trained on memories.
 */
public enum Protocol implements Labelled {
    /** Trains fresh networks after each step, with the recipe that IDC and DREAM use to evaluate a set. */
    FRESH("fresh networks, classes in the order of the dataset", 1, Protocol.QUICK_WIDTH) {
        @Override
        TrainingRecipe recipe(String dataset, int ipc, int factor) {
            return TrainingRecipe.published(dataset, ipc, factor);
        }

        @Override
        public ContinualPlan.TrainingLength length() {
            return new ContinualPlan.TrainingLength.Steps(QUICK_STEPS);
        }
    },
    /**
     * Trains fresh networks after each step, with the recipe of DSA and DM: DM's version of GDumb (Prabhu et al.,
     * 2020).
     */
    GDUMB("fresh networks by the recipe of DSA and DM, classes in an order drawn by the seed (DM's protocol)", 3, 128) {
        @Override
        List<Integer> order(int classes, long seed) {
            return NumpyPermutation.of(classes, seed);
        }

        @Override
        TrainingRecipe recipe(String dataset, int ipc, int factor) {
            return TrainingRecipe.oneTransformation(dataset);
        }
    },
    /**
     * Trains one network further in each step, with its earlier state as teacher: IDC's protocol, which DREAM follows.
     */
    IDC(
            "one network trained further in each step with its earlier state as teacher, classes in a fixed order (IDC's protocol)",
            1,
            128) {
        @Override
        List<Integer> order(int classes, long seed) {
            return NumpyPermutation.of(classes, 0);
        }

        /** IDC's program sorts the classes of a step. */
        @Override
        List<List<Integer>> steps(int classes, int steps, long seed) {
            return super.steps(classes, steps, seed).stream()
                    .map(step -> step.stream().sorted().toList())
                    .toList();
        }

        @Override
        TrainingRecipe recipe(String dataset, int ipc, int factor) {
            return TrainingRecipe.published(dataset, ipc, factor).withSchedule(LearningRateSchedule.FIFTHS);
        }

        @Override
        boolean continuesTraining() {
            return true;
        }
    },
    /** Trains one network on each image once, as it arrives, and replays the memory of the earlier steps. */
    REPLAY(
            "one network that sees each image once and replays the memory of the earlier steps (experience replay),"
                    + " classes in the order of the dataset",
            1,
            Protocol.QUICK_WIDTH) {
        @Override
        TrainingRecipe recipe(String dataset, int ipc, int factor) {
            return TrainingRecipe.online(dataset);
        }

        @Override
        boolean continuesTraining() {
            return true;
        }

        @Override
        boolean replays() {
            return true;
        }
    };

    /** The default number of channels of a ConvNet, unless it is published. */
    public static final int QUICK_WIDTH = 48;

    /** The default number of gradient steps, unless the length of the training is published. */
    public static final int QUICK_STEPS = 2100;

    private final String description;
    private final int repeats;
    private final int width;

    Protocol(String description, int repeats, int width) {
        this.description = description;
        this.repeats = repeats;
        this.width = width;
    }

    /**
     * Returns the order in which the classes arrive, before they are split into steps: by default, that of the dataset.
     *
     * @param seed the seed of the experiment
     */
    List<Integer> order(int classes, long seed) {
        return IntStream.range(0, classes).boxed().toList();
    }

    /** Returns the recipe with which a network is trained on a memory. */
    abstract TrainingRecipe recipe(String dataset, int ipc, int factor);

    /**
     * Returns the classes of each step.
     *
     * @throws IllegalArgumentException if the number of steps is not from 1 to the number of classes, or if the seed
     *     draws the order but is not from 0 to {@link NumpyPermutation#MAX_SEED}
     */
    List<List<Integer>> steps(int classes, int steps, long seed) {
        return ContinualPlan.split(order(classes, seed), steps);
    }

    /** Whether one network is trained further in each step. */
    boolean continuesTraining() {
        return false;
    }

    /** Whether networks are trained on the real images of a step, and on the memory of the earlier steps. */
    boolean replays() {
        return false;
    }

    /** Returns the default number of networks per memory. */
    public int repeats() {
        return repeats;
    }

    /** Returns the default number of channels of a ConvNet. */
    public int width() {
        return width;
    }

    /** Returns the default length of the training after each step. */
    public ContinualPlan.TrainingLength length() {
        return new ContinualPlan.TrainingLength.Published();
    }

    /** Describes the protocol in a few words. */
    String description() {
        return description;
    }

    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
