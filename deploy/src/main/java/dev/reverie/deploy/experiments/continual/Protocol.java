package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.evaluate.LearningRateSchedule;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** In which order classes come, and how networks learn from the memories. */
public enum Protocol {
    /** A fresh network after each step, by the recipe by which IDC and DREAM judge a set. */
    FRESH("fresh networks, classes in the order of the dataset", 1, 48) {
        @Override
        List<Integer> order(int classes, long seed) {
            return IntStream.range(0, classes).boxed().toList();
        }

        @Override
        TrainingRecipe recipe(String dataset, int ipc, int factor) {
            return TrainingRecipe.published(dataset, ipc, factor);
        }
    },
    /** Fresh networks after each step, by the recipe of DSA and DM: GDumb (Prabhu et al., 2020) as DM has it. */
    GDUMB("fresh networks by the recipe of DSA and DM, classes in an order of the seed's (DM's protocol)", 3, 128) {
        @Override
        List<Integer> order(int classes, long seed) {
            return NumpyPermutation.of(classes, seed);
        }

        @Override
        TrainingRecipe recipe(String dataset, int ipc, int factor) {
            return TrainingRecipe.oneTransformation(dataset);
        }
    },
    /** A network that is carried from step to step, taught by what it was: IDC's, which DREAM follows. */
    IDC("one network carried on and taught by what it was, classes in a fixed order (IDC's protocol)", 1, 128) {
        @Override
        List<Integer> order(int classes, long seed) {
            return NumpyPermutation.of(classes, 0);
        }

        @Override
        TrainingRecipe recipe(String dataset, int ipc, int factor) {
            return TrainingRecipe.published(dataset, ipc, factor).with(LearningRateSchedule.FIFTHS);
        }
    };

    private static final int QUICK_STEPS = 2100;

    private final String meaning;
    private final int repeats;
    private final int width;

    Protocol(String meaning, int repeats, int width) {
        this.meaning = meaning;
        this.repeats = repeats;
        this.width = width;
    }

    /**
     * The order in which the classes come, before they are dealt to steps.
     *
     * @param seed of the experiment
     */
    abstract List<Integer> order(int classes, long seed);

    /** How a network learns from a memory. */
    abstract TrainingRecipe recipe(String dataset, int ipc, int factor);

    /**
     * The classes of each step.
     *
     * @throws IllegalArgumentException if there are fewer classes than steps, or it cannot draw by this seed
     */
    List<List<Integer>> steps(int classes, int steps, long seed) {
        List<List<Integer>> dealt = ContinualPlan.deal(order(classes, seed), steps);
        return this == IDC
                ? dealt.stream().map(step -> step.stream().sorted().toList()).toList()
                : dealt;
    }

    /** Whether one network goes through all steps. */
    boolean carriesOn() {
        return this == IDC;
    }

    /** Networks that are trained on each memory, if nothing else is asked for. */
    public int repeats() {
        return repeats;
    }

    /** Channels of a ConvNet, if nothing else is asked for. */
    public int width() {
        return width;
    }

    /** How long a network is trained after each step, if nothing else is asked for. */
    public TrainingLength length() {
        return this == FRESH ? new TrainingLength.Steps(QUICK_STEPS) : new TrainingLength.Published();
    }

    /** In a few words, for a person. */
    String meaning() {
        return meaning;
    }

    /** The name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The protocol of that name.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static Protocol of(String label) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown protocol '" + label + "'; there are "
                        + Arrays.stream(values()).map(Protocol::label).collect(Collectors.joining(", "))));
    }
}
