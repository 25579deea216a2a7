package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.Labelled;
import dev.reverie.gpu.method.DecodingMode;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.MatchingSettings;
import dev.reverie.gpu.method.Method.MethodDefinition;
import dev.reverie.gpu.method.RepresentativeSettings;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.select.SelectionRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that replace parts of a published method, for example DM with the representatives of DREAM. */
final class MethodPartOptions {

    private static final char SEPARATOR = ':';

    private static final Map<String, SelectionRule> SELECTIONS = byLabel(SelectionRule.BATCHES);

    /** The rules that form clusters of {@code --per-centroid} representatives. */
    private static final Set<SelectionRule> CLUSTERED = Set.of(SelectionRule.K_MEANS, SelectionRule.K_MEANS_CORE);

    private static final Map<String, Initialiser> INITIALISERS = byLabel(Initialiser.FOR_LEARNING);

    private static final Map<String, MatchingObjective> OBJECTIVES = byLabel(List.of(MatchingObjective.values()));

    private static final Map<String, GradientDistance> DISTANCES = byLabel(List.of(GradientDistance.values()));

    private static final Map<String, DecodingMode> DECODINGS = byLabel(List.of(DecodingMode.values()));

    @Option(
            names = "--representatives",
            paramLabel = "R",
            description = "Real images per class step: their number, the rule that chooses them (kmeans, kmeans-core,"
                    + " stratified, random, central or boundary), or both, for example kmeans:64.")
    Optional<String> representatives = Optional.empty();

    @Option(
            names = "--per-centroid",
            paramLabel = "N",
            description = "Representatives per cluster of kmeans (default: 1).")
    Optional<Integer> perCentroid = Optional.empty();

    @Option(
            names = "--init",
            paramLabel = "I",
            description = "Initial synthetic images: kmeans, random, in-order, central, boundary, noise or"
                    + " normalised-noise.")
    Optional<String> initialiser = Optional.empty();

    @Option(
            names = "--objective",
            paramLabel = "O",
            description = "Matching objective: gradients, all-gradients, features, features-and-gradients,"
                    + " characteristic or influence.")
    Optional<String> objective = Optional.empty();

    @Option(
            names = "--distance",
            paramLabel = "D",
            description = "Distance between gradients or between mean features: mse, l1, l1-mean or cos.")
    Optional<String> distance = Optional.empty();

    @Option(
            names = "--decode",
            paramLabel = "T",
            description = "How the stored images are decoded for a class step: single, multi or bound (default:"
                    + " single).")
    Optional<String> decode = Optional.empty();

    private static <T extends Labelled> Map<String, T> byLabel(List<T> values) {
        Map<String, T> byLabel = new LinkedHashMap<>();
        values.forEach(value -> byLabel.put(value.label(), value));
        return byLabel;
    }

    /**
     * Checks those options that {@link #of} does not read, and the number of representatives. Needs no data.
     *
     * @throws InputException if an option is wrong; the message names the first one
     */
    void check() {
        OptionCheck.range("--representatives", number(), 1, OptionCheck.MANY);
        OptionCheck.range("--per-centroid", perCentroid, 1, OptionCheck.MANY);
        find("--distance", distance, DISTANCES);
        find("--decode", decode, DECODINGS);
    }

    /**
     * Checks that the options have an effect.
     *
     * @throws InputException if an option does not apply to this method; the message names the first one
     */
    void checkEffects(EffectCheck effects) {
        effects.matching("--representatives", representatives);
        effects.representatives("--per-centroid", perCentroid, CLUSTERED::contains);
        effects.learning("--init", initialiser);
        effects.matching("--objective", objective);
        effects.distance("--distance", distance);
        effects.learning("--decode", decode);
    }

    /**
     * Checks that the way of decoding has an effect.
     *
     * @throws InputException if one is given, but they are all the same with this factor
     */
    void checkDecoding(int factor) {
        if (factor == 1 && decode.isPresent()) {
            throw new InputException("--decode does not apply to factor 1, with which each stored image is one image:"
                    + " omit the option, or choose a higher --factor");
        }
    }

    /**
     * Returns the definition of a method in which the options have replaced some parts.
     *
     * @throws InputException if an option names an unknown part; the message names the first one
     */
    MethodDefinition of(MethodDefinition published) {
        MethodDefinition parts = published;
        Optional<Initialiser> start = find("--init", initialiser, INITIALISERS);
        Optional<SelectionRule> chosen = find("--representatives", selection(), SELECTIONS);
        Optional<MatchingObjective> matched = find("--objective", objective, OBJECTIVES);
        parts = start.map(parts::with).orElse(parts);
        parts = chosen.map(parts::with).orElse(parts);
        return matched.map(parts::with).orElse(parts);
    }

    /** Returns the number in {@code 64} and in {@code kmeans:64}. */
    private Optional<Integer> number() {
        return representatives
                .map(said -> said.substring(said.indexOf(SEPARATOR) + 1))
                .filter(said -> said.matches("-?\\d{1,9}"))
                .map(Integer::valueOf);
    }

    /** Returns the name in {@code kmeans} and in {@code kmeans:64}; every text without a number counts as a name. */
    private Optional<String> selection() {
        return representatives
                .filter(said -> said.indexOf(SEPARATOR) >= 0 || number().isEmpty())
                .map(said -> number().isPresent() ? said.substring(0, said.indexOf(SEPARATOR)) : said);
    }

    /** Whether any of the options is given. */
    boolean isSet() {
        return Stream.of(representatives, perCentroid, initialiser, objective, distance, decode)
                .anyMatch(Optional::isPresent);
    }

    /** Returns the number of representatives: that of the options, or else that of {@code base}. */
    int count(RepresentativeSettings base) {
        return number().orElse(base.count());
    }

    /**
     * Returns the number of representatives per cluster: that of the options, or else that of {@code base}.
     *
     * @throws InputException if it is more than all representatives
     */
    int perCentroid(RepresentativeSettings base) {
        int each = perCentroid.orElse(base.perCentroid());
        if (each > count(base)) {
            throw new InputException("--per-centroid " + each + " is more than the " + count(base)
                    + " representatives: lower it, or raise --representatives");
        }
        return each;
    }

    GradientDistance distance(MatchingSettings base) {
        return find("--distance", distance, DISTANCES).orElse(base.distance());
    }

    DecodingMode decoding(MatchingSettings base) {
        return find("--decode", decode, DECODINGS).orElse(base.decoding());
    }

    private static <T> Optional<T> find(String option, Optional<String> said, Map<String, T> known) {
        return said.map(name -> Optional.ofNullable(known.get(name))
                .orElseThrow(() -> new InputException(option + " is one of "
                        + String.join(", ", known.keySet().stream().sorted().toList()) + ", not '" + name + "'")));
    }
}
