package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.run.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** All analyses there are, in the order in which they are made. */
public enum AnalysisKind {
    SAMPLING("sampling", "accuracy over inner loops by the choice of real images", SamplingAnalysis::new),
    MMD("mmd", "discrepancy of the real batch to its class", BatchDiscrepancyAnalysis::new),
    MIGRATION("migration", "how far synthetic images move between snapshots", FeatureMigrationAnalysis::new),
    COVERAGE("coverage", "synthetic among real images of a class", CoverageAnalysis::new),
    GRADIENT_NORM("gradient-norm", "gradient norms of single images of a class", GradientNormAnalysis::new),
    ABLATION("ablation", "accuracy with DREAM's parts and without", AblationAnalysis::new),
    INTERVAL("interval", "accuracy by the clustering interval", ClusteringIntervalAnalysis::new),
    REPRESENTATIVES("representatives", "accuracy by the number of representatives", RepresentativeCountAnalysis::new),
    GRADIENT_DIFFERENCE(
            "gradient-difference",
            "matching loss of dc, dsa and idc with DREAM's parts and without",
            GradientDifferenceAnalysis::new);

    private final String label;
    private final String shows;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor
    private final Supplier<Analysis> maker;

    AnalysisKind(String label, String shows, Supplier<Analysis> maker) {
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
    public static AnalysisKind of(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        "unknown analysis '" + label + "'; there are " + String.join(", ", labels())));
    }

    /** All names. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(AnalysisKind::label).collect(Collectors.toList());
    }
}
