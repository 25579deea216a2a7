package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Method.MethodDefinition;
import picocli.CommandLine.Option;

/** The options that add style terms to the distance of features. */
public final class StyleOptions {

    private static final double MOST = 1e9;

    @Option(
            names = "--style-moments",
            paramLabel = "W",
            defaultValue = "0",
            description = "For objectives without gradients, such as that of dm: weight of a term that matches the mean"
                    + " and the deviation of each channel after each convolution; published: 180 (default:"
                    + " ${DEFAULT-VALUE}).")
    double moments;

    @Option(
            names = "--style-correlations",
            paramLabel = "W",
            defaultValue = "0",
            description = "Likewise, weight of a term that matches the correlations of the channels; published: 10000"
                    + " (default: ${DEFAULT-VALUE}).")
    double correlations;

    /**
     * Checks the options by themselves, and against the method.
     *
     * @param definition the parts of the method, of which options may have replaced some
     * @param alternative how else than by another method a command can match features, as the end of the message
     * @throws InputException if a weight is out of range, or the method cannot use style terms
     */
    public void check(Method method, MethodDefinition definition, String alternative) {
        requireWeight("--style-moments", moments);
        requireWeight("--style-correlations", correlations);
        if (!weights().present()) {
            return;
        }
        String option = moments > 0 ? "--style-moments" : "--style-correlations";
        if (!definition.matchesRealBatches()) {
            throw new InputException(option + " does not apply to --method " + method.label()
                    + ", which matches no real images: omit the option, or choose --method dm");
        }
        if (definition.objective().matchesGradients()) {
            throw new InputException(option + " does not apply to the objective "
                    + definition.objective().label()
                    + ", which matches gradients: choose --method dm" + alternative);
        }
    }

    private static void requireWeight(String option, double weight) {
        if (!(weight >= 0 && weight <= MOST)) {
            throw new InputException(option + " must be a number from 0 to 1000000000, not " + weight);
        }
    }

    public StyleWeights weights() {
        return new StyleWeights(moments, correlations);
    }
}
