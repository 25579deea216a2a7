package dev.reverie.gpu.method;

import dev.reverie.gpu.select.Selection;
import java.util.List;
import java.util.Optional;

/** What the synthetic images of a class start as. */
public enum Initialiser {
    /** Real images that are chosen as they are, composed into cells where there is a factor. */
    IN_ORDER("in-order", Selection.IN_ORDER),
    RANDOM("random", Selection.RANDOM),
    K_MEANS("kmeans", Selection.K_MEANS),
    CENTRAL("central", Selection.CENTRAL),
    BOUNDARY("boundary", Selection.BOUNDARY),
    HERDING("herding", Selection.HERDING),
    K_CENTER("k-center", Selection.K_CENTER),
    /** Crops of real images that a trained network finds most like their class (RDED). */
    CROPS("crops"),
    /** The real images that a network in training forgets most often. */
    FORGETTING("forgetting"),
    /** No image at all: grey levels drawn from a normal distribution around the middle, as IDC offers. */
    NOISE("noise");

    /** What can be learned from; the others are coresets. */
    public static final List<Initialiser> STARTS = List.of(K_MEANS, RANDOM, IN_ORDER, CENTRAL, BOUNDARY, NOISE);

    private final String label;
    private final Optional<Selection> selection;

    Initialiser(String label, Selection selection) {
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

    /** How whole real images are chosen at a glance; empty for what does something else. */
    public Optional<Selection> selection() {
        return selection;
    }
}
