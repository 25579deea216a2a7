package dev.reverie.gpu.method;

import dev.reverie.gpu.select.Selection;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A distillation method as a composition: where the synthetic images start, and which real images each step matches.
 * DREAM is IDC with two other parts. A coreset is an initialiser that nothing follows.
 */
public enum Method {
    /** Representative matching (ICCV 2023). */
    DREAM("dream", Selection.K_MEANS, Selection.K_MEANS),
    /** Efficient synthetic-data parameterisation (ICML 2022), which DREAM improves on. */
    IDC("idc", Selection.IN_ORDER, Selection.RANDOM),
    /** The k-means multi-formation initialisation kept as it is: where DREAM starts. */
    TILE("tile", Selection.K_MEANS, null),
    RANDOM("random", Selection.RANDOM, null),
    HERDING("herding", Selection.HERDING, null),
    K_CENTER("k-center", Selection.K_CENTER, null);

    private final String label;
    private final Selection initialiser;
    private final Optional<Selection> representatives;

    Method(String label, Selection initialiser, @Nullable Selection representatives) {
        this.label = label;
        this.initialiser = initialiser;
        this.representatives = Optional.ofNullable(representatives);
    }

    /** The name on the command line. */
    public String label() {
        return label;
    }

    /** Chooses the real images that the synthetic ones start from. */
    public Selection initialiser() {
        return initialiser;
    }

    /** Chooses the real batch of each step; empty for a coreset, which is not learned. */
    public Optional<Selection> representatives() {
        return representatives;
    }

    /** Whether synthetic images are learned by matching. */
    public boolean learns() {
        return representatives.isPresent();
    }

    /**
     * The method of that name.
     *
     * @throws IllegalArgumentException naming the methods there are
     */
    public static Method of(String label) {
        return Arrays.stream(values())
                .filter(method -> method.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown method '" + label + "'; there are "
                        + String.join(
                                ", ", Arrays.stream(values()).map(Method::label).toList())));
    }
}
