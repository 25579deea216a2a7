package dev.reverie.gpu.method;

import dev.reverie.gpu.select.SelectionRule;
import java.util.List;
import java.util.Optional;

/** How the synthetic images of a class are initialised. */
public enum Initialiser {
    /** The first real images in dataset order. */
    IN_ORDER("in-order", SelectionRule.IN_ORDER),
    RANDOM("random", SelectionRule.RANDOM),
    K_MEANS("kmeans", SelectionRule.K_MEANS),
    CENTRAL("central", SelectionRule.CENTRAL),
    BOUNDARY("boundary", SelectionRule.BOUNDARY),
    HERDING("herding", SelectionRule.HERDING),
    K_CENTER("k-center", SelectionRule.K_CENTER),
    /** Crops of real images that a trained network finds most like their class (RDED). */
    CROPS("crops"),
    /** The real images that a network in training forgets most often. */
    FORGETTING("forgetting"),
    /** No image at all: grey levels drawn from a normal distribution around the middle, as IDC offers. */
    NOISE("noise");

    /** The initialisers of methods that learn; the others are coresets. */
    public static final List<Initialiser> STARTS = List.of(K_MEANS, RANDOM, IN_ORDER, CENTRAL, BOUNDARY, NOISE);

    private final String label;
    private final Optional<SelectionRule> selection;

    Initialiser(String label, SelectionRule selection) {
        this.label = label;
        this.selection = Optional.of(selection);
    }

    Initialiser(String label) {
        this.label = label;
        this.selection = Optional.empty();
    }

    /** The name on the command line. */
    public String label() {
        return label;
    }

    /** The rule that selects whole real images; empty for initialisers that do not select them in a single step. */
    public Optional<SelectionRule> selection() {
        return selection;
    }
}
