package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.method.DecodingMode;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.MatchingSettings;
import dev.reverie.gpu.method.Method.MethodDefinition;
import dev.reverie.gpu.method.RepresentativeSettings;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.select.SelectionRule;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options that replace parts of a published method, for example DM with the representatives of DREAM. */
final class MethodPartOptions {

    /** The rules that form clusters of {@code --per-centroid} representatives. */
    private static final Set<SelectionRule> CLUSTERED = Set.of(SelectionRule.K_MEANS, SelectionRule.K_MEANS_CORE);

    @Option(
            names = "--representatives",
            paramLabel = "R",
            description = "Real images per class and step: their number, the rule that chooses them (kmeans,"
                    + " kmeans-core, stratified, random, central or boundary), or both, for example kmeans:64. For"
                    + " ridge, bptt and cafe, the number.")
    Optional<Representatives> representatives = Optional.empty();

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
    Optional<Initialiser> initialiser = Optional.empty();

    @Option(
            names = "--objective",
            paramLabel = "O",
            description = "Matching objective: gradients, all-gradients, features, features-and-gradients,"
                    + " characteristic or influence.")
    Optional<MatchingObjective> objective = Optional.empty();

    @Option(
            names = "--distance",
            paramLabel = "D",
            description = "Distance between gradients or between mean features: mse, l1, l1-mean or cos.")
    Optional<GradientDistance> distance = Optional.empty();

    @Option(
            names = "--decode",
            paramLabel = "T",
            description = "How the stored images are decoded for a class step: single, multi or bound (default:"
                    + " single).")
    Optional<DecodingMode> decode = Optional.empty();

    /** What {@code --representatives} says: a number, a rule, or both, for example {@code kmeans:64}. */
    record Representatives(Optional<SelectionRule> rule, Optional<Integer> count) {

        private static final Pattern NUMBER = Pattern.compile("(?:(.*):)?(-?\\d{1,9})");

        private static final ITypeConverter<SelectionRule> RULES = Converters.named("rule", SelectionRule.BATCHES);

        static Representatives parse(String text) throws Exception {
            Matcher number = NUMBER.matcher(text);
            if (!number.matches()) {
                return new Representatives(Optional.of(RULES.convert(text)), Optional.empty());
            }
            Optional<Integer> count = Optional.of(Integer.valueOf(number.group(2)));
            return number.group(1) == null
                    ? new Representatives(Optional.empty(), count)
                    : new Representatives(Optional.of(RULES.convert(number.group(1))), count);
        }
    }

    /**
     * Checks the numbers. Needs no data.
     *
     * @throws InputException if one is out of range; the message names the first one
     */
    void check() {
        OptionCheck.range("--representatives", number(), 1, OptionCheck.MANY);
        OptionCheck.range("--per-centroid", perCentroid, 1, OptionCheck.MANY);
    }

    /**
     * Checks that the options have an effect.
     *
     * @throws InputException if an option does not apply to this method; the message names the first one
     */
    void checkEffects(EffectCheck effects) {
        effects.realImages(
                "--representatives",
                representatives,
                representatives.flatMap(Representatives::rule).isEmpty());
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

    /** Returns the definition of a method in which the options have replaced some parts. */
    MethodDefinition of(MethodDefinition published) {
        MethodDefinition started = initialiser.map(published::with).orElse(published);
        MethodDefinition chosen = representatives
                .flatMap(Representatives::rule)
                .map(started::with)
                .orElse(started);
        return objective.map(chosen::with).orElse(chosen);
    }

    private Optional<Integer> number() {
        return representatives.flatMap(Representatives::count);
    }

    boolean isSet() {
        return Stream.of(representatives, perCentroid, initialiser, objective, distance, decode)
                .anyMatch(Optional::isPresent);
    }

    MatchingSettings of(MatchingSettings base) {
        return base.withDistance(distance.orElse(base.distance())).withDecoding(decode.orElse(base.decoding()));
    }

    /**
     * Returns the settings with these options in place of those of the method.
     *
     * @throws InputException if a cluster would have more than all representatives
     */
    RepresentativeSettings of(RepresentativeSettings base) {
        int count = number().orElse(base.count());
        int each = perCentroid.orElse(base.perCentroid());
        if (each > count) {
            throw new InputException("--per-centroid " + each + " is more than the " + count
                    + " representatives: lower it, or raise --representatives");
        }
        return base.with().count(count).perCentroid(each).build();
    }
}
