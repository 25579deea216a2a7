package dev.reverie.gpu.tensor;

import dev.reverie.gpu.Labelled;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The engines by the names that {@code REVERIE_ENGINE} takes. */
public enum EngineName implements Labelled {
    /** ND4J and the Vector API on the CPU. */
    ND4J,
    /** libtorch, on a GPU if there is one, otherwise on the CPU. */
    TORCH,
    /** ND4J on a GPU with CUDA 11.6. */
    CUDA;

    private static final String AUTO = "auto";

    /** The former name of {@link #ND4J}. */
    private static final String CPU = "cpu";

    /** All that a user can choose: {@code auto}, the engines, and the former name of one. */
    public static final List<String> CHOICES = Stream.concat(
                    Stream.of(AUTO), Stream.concat(Arrays.stream(values()).map(EngineName::label), Stream.of(CPU)))
            .toList();

    /**
     * Returns the engine with the given name; empty for {@code auto}, which leaves the choice to the program.
     *
     * @throws IllegalArgumentException if there is no such engine
     */
    public static Optional<EngineName> of(String label) {
        if (label.equals(AUTO)) {
            return Optional.empty();
        }
        if (label.equals(CPU)) {
            return Optional.of(ND4J);
        }
        return Optional.of(Arrays.stream(values())
                .filter(name -> name.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be " + AUTO + " or one of "
                        + Arrays.stream(values()).map(EngineName::label).collect(Collectors.joining(", ")) + ", not '"
                        + label + "'")));
    }

    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
