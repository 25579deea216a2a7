package dev.reverie.lab.analyze;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.Labelled;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** The available analyses, in the order in which they run. */
public enum AnalysisKind implements Labelled {
    SAMPLING("accuracy over inner loops, by the rule that chooses real images", SamplingAnalysis::new),
    MMD("discrepancy between the real batch and its class", BatchDiscrepancyAnalysis::new),
    MIGRATION("distance that synthetic images move between snapshots", FeatureMigrationAnalysis::new),
    COVERAGE("synthetic images among the real images of a class", CoverageAnalysis::new),
    GRADIENT_NORM("gradient norms of the images of a class", GradientNormAnalysis::new),
    ABLATION("accuracy with and without the parts of DREAM", AblationAnalysis::new),
    INTERVAL("accuracy by the interval between choices of representatives", FinalAccuracyAnalysis::ofIntervals),
    REPRESENTATIVES("accuracy by number of representatives", FinalAccuracyAnalysis::ofCounts),
    GRADIENT_DIFFERENCE(
            "matching loss of dc, dsa and idc with and without the parts of DREAM", GradientDifferenceAnalysis::new);

    private final String shows;

    @SuppressWarnings("ImmutableEnumChecker") // references to constructors and static methods have no state
    private final Supplier<Analysis> maker;

    AnalysisKind(String shows, Supplier<Analysis> maker) {
        this.shows = shows;
        this.maker = maker;
    }

    /** Describes what the analysis shows, in a few words for the help text. */
    public String shows() {
        return shows;
    }

    /** Returns the name of the CSV file with all numbers. */
    String table() {
        return label() + ".csv";
    }

    /** Returns the name of the SVG file with the figure. */
    String picture() {
        return label() + ".svg";
    }

    Analysis analysis() {
        return maker.get();
    }

    /**
     * Finds an analysis by name.
     *
     * @throws InputException if the name is unknown; the message lists the available analyses
     */
    public static AnalysisKind of(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        "unknown analysis '" + label + "'; choose one of " + String.join(", ", labels())));
    }

    public static List<String> labels() {
        return Arrays.stream(values()).map(AnalysisKind::label).toList();
    }
}
