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
    /** Crops of real images that a trained network classifies with the smallest loss (RDED). */
    CROPS("crops"),
    /** The real images that a network forgets most often during training. */
    FORGETTING("forgetting"),
    /** Noise instead of real images: grey levels from a normal distribution around mid grey, an option of IDC. */
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
