package dev.reverie.gpu.method;

/**
 * The weights of the style terms, which are added to a distance of features (DDM, WACV 2025). The style of a batch is
 * described by statistics of the outputs of all convolutions, which forget where in an image a feature occurs.
 *
 * @param moments weight of the relative distance of means and standard deviations of planes, at least 0; published: 180
 * @param correlations weight of the distance of Gram matrices, at least 0; published: 10,000
 */
public record StyleWeights(double moments, double correlations) {

    /** No style terms. */
    public static final StyleWeights NONE = new StyleWeights(0, 0);

    public StyleWeights {
        SettingsRules.notNegative(moments, "the weight of the style moments");
        SettingsRules.notNegative(correlations, "the weight of the style correlations");
    }

    /** Whether a class step computes any style term. */
    public boolean present() {
        return moments > 0 || correlations > 0;
    }
}
