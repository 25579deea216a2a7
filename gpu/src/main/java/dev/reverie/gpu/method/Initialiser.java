package dev.reverie.gpu.method;

import dev.reverie.gpu.Labelled;
import dev.reverie.gpu.select.SelectionRule;
import java.util.List;
import java.util.Optional;

/** The ways to initialise the synthetic images of a class. */
public enum Initialiser implements Labelled {
    /** The first real images in dataset order. */
    IN_ORDER(SelectionRule.IN_ORDER),
    RANDOM(SelectionRule.RANDOM),
    K_MEANS(SelectionRule.K_MEANS),
    CENTRAL(SelectionRule.CENTRAL),
    BOUNDARY(SelectionRule.BOUNDARY),
    HERDING(SelectionRule.HERDING),
    K_CENTER(SelectionRule.K_CENTER),
    /** The crops of real images with the smallest loss under a trained network (RDED). */
    CROPS("crops"),
    /** The real images that a network forgets most often during training. */
    FORGETTING("forgetting"),
    /** Noise instead of real images: pixel values from a normal distribution around mid grey (an option of IDC). */
    NOISE("noise"),
    /** Noise whose normalised pixel values have the standard normal distribution, clamped to [0, 1] (DC). */
    NORMALISED_NOISE("normalised-noise");

    /** The initialisers for methods that learn their images; the others are only for coresets. */
    public static final List<Initialiser> FOR_LEARNING =
            List.of(K_MEANS, RANDOM, IN_ORDER, CENTRAL, BOUNDARY, NOISE, NORMALISED_NOISE);

    private final String label;
    private final Optional<SelectionRule> selection;

    Initialiser(SelectionRule selection) {
        this.label = selection.label();
        this.selection = Optional.of(selection);
    }

    Initialiser(String label) {
        this.label = label;
        this.selection = Optional.empty();
    }

    @Override
    public String label() {
        return label;
    }

    /** The rule that selects the real images; empty for crops, forgetting events and noise. */
    public Optional<SelectionRule> selection() {
        return selection;
    }
}
