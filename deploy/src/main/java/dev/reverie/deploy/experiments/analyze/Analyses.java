package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.run.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** All analyses there are, in the order in which they are made. */
public enum Analyses {
    SAMPLING("sampling", "accuracy over inner loops by the choice of real images", Sampling::new),
    MMD("mmd", "discrepancy of the real batch to its class", BatchDiscrepancy::new),
    MIGRATION("migration", "how far synthetic images move between snapshots", FeatureMigration::new),
    COVERAGE("coverage", "synthetic among real images of a class", Coverage::new),
    GRADIENT_NORM("gradient-norm", "gradient norms of single images of a class", GradientNorms::new),
    ABLATION("ablation", "accuracy with DREAM's parts and without", Ablation::new),
    INTERVAL("interval", "accuracy by the clustering interval", ClusteringInterval::new),
    REPRESENTATIVES("representatives", "accuracy by the number of representatives", RepresentativeNumber::new),
    GRADIENT_DIFFERENCE(
            "gradient-difference",
            "matching loss of dc, dsa and idc with DREAM's parts and without",
            GradientDifference::new);

    private final String label;
    private final String shows;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor
    private final Supplier<Analysis> maker;

    Analyses(String label, String shows, Supplier<Analysis> maker) {
        this.label = label;
        this.shows = shows;
        this.maker = maker;
    }

    /** The name on the command line, and of its files. */
    public String label() {
        return label;
    }

    /** What there is to see, in a few words. */
    public String shows() {
        return shows;
    }

    Analysis analysis() {
        return maker.get();
    }

    /**
     * The analysis of that name.
     *
     * @throws InputException naming the analyses there are
     */
    public static Analyses of(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        "unknown analysis '" + label + "'; there are " + String.join(", ", labels())));
    }

    /** All names. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Analyses::label).collect(Collectors.toList());
    }
}
