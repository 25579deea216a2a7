package dev.reverie.gpu.method;

import dev.reverie.gpu.select.Selection;
import java.util.Optional;

/** What the synthetic images of a class start as. */
public enum Initialiser {
    /** Real images that are chosen as they are, composed into cells where there is a factor. */
    IN_ORDER(Selection.IN_ORDER),
    RANDOM(Selection.RANDOM),
    K_MEANS(Selection.K_MEANS),
    CENTRAL(Selection.CENTRAL),
    BOUNDARY(Selection.BOUNDARY),
    HERDING(Selection.HERDING),
    K_CENTER(Selection.K_CENTER),
    /** No image at all: grey levels drawn from a normal distribution around the middle, as IDC offers. */
    NOISE();

    private final Optional<Selection> selection;

    Initialiser(Selection selection) {
        this.selection = Optional.of(selection);
    }

    Initialiser() {
        this.selection = Optional.empty();
    }

    /** How the real images are chosen; empty if none are. */
    public Optional<Selection> selection() {
        return selection;
    }
}
