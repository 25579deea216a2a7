package dev.reverie.deploy.evaluate;

import dev.reverie.deploy.evaluate.EvaluationResult.Accuracy;
import dev.reverie.deploy.evaluate.EvaluationResult.NetworkResult;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.evaluate.DdRankingScores;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.streams.decode.SafeExcerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats an evaluation for a terminal or as Markdown. */
public final class EvaluationText {

    private static final String BEST = "best test of each network (%)";

    private EvaluationText() {}

    /** Returns the lines for a terminal: the accuracies, the scores if any, the size, and the cost if known. */
    public static List<String> lines(EvaluationResult summary) {
        List<String> lines = new ArrayList<>();
        if (summary.networks().size() == 1) {
            lines.add(sentence(summary));
        } else {
            lines.addAll(table(summary));
        }
        summary.scores().ifPresent(scores -> lines.addAll(scores(scores)));
        lines.add(size(summary));
        summary.cost().ifPresent(cost -> lines.add(cost(cost)));
        return lines;
    }

    private static String sentence(EvaluationResult summary) {
        return String.format(
                        Locale.ROOT,
                        "accuracy %s %% (%s%s, %s; %s %.2f %%)",
                        percent(summary.accuracy()),
                        Plural.of(summary.settings().repeats(), "network"),
                        summary.settings().network().isConvNet()
                                ? " of width " + summary.settings().width()
                                : "",
                        length(summary),
                        summary.settings().repeats() == 1
                                ? "best of its tests"
                                : "mean of the best test of each network",
                        100 * summary.best().mean())
                + summary.tested().share();
    }

    private static String length(EvaluationResult summary) {
        EvaluationSettings settings = summary.settings();
        String length = settings.steps()
                .map(steps -> Plural.of(steps, "step"))
                .orElseGet(() -> Plural.of(settings.recipe().epochs(), "epoch"));
        return length + summary.observer().map(file -> ", labels of " + file).orElse("");
    }

    private static List<String> table(EvaluationResult summary) {
        List<String> lines = new ArrayList<>();
        lines.add("%-14s  %-15s  %s".formatted("network", "accuracy (%)", BEST));
        for (NetworkResult result : summary.networks()) {
            lines.add(
                    "%-14s  %-15s  %s".formatted(result.network(), percent(result.accuracy()), percent(result.best())));
        }
        lines.add(String.format(
                Locale.ROOT,
                "%s of each kind, %s%s",
                Plural.of(summary.settings().repeats(), "network"),
                length(summary),
                summary.tested().share()));
        return lines;
    }

    private static List<String> scores(DdRankingScores scores) {
        int rounds = scores.rounds().size();
        return List.of(
                "LRS " + fraction(scores.labelRobust(), rounds) + ": with hard labels, the accuracy is "
                        + points(scores.hardLabelRecovery(), rounds) + " below that of the real data; with its own"
                        + " recipe, it is " + points(scores.improvementOverRandom(), rounds)
                        + " above that of random images",
                "ARS " + fraction(scores.augmentationRobust(), rounds) + ": without augmentation, the accuracy is "
                        + points(
                                MeanAndStd.of(scores.rounds().stream()
                                        .map(round -> round.plain() - round.plainRandom())
                                        .toList()),
                                rounds)
                        + " above that of random images");
    }

    private static String size(EvaluationResult summary) {
        return String.format(
                Locale.ROOT,
                "stored in %,d bytes, %.3f %% of the %,d bytes of the real training images",
                summary.size().setBytes(),
                100 * summary.size().ratio(),
                summary.size().realBytes());
    }

    private static String cost(EvaluationResult.Cost cost) {
        return String.format(
                Locale.ROOT,
                "made in %,.0f s on %s (%,.0f core seconds)%s",
                cost.seconds(),
                Plural.of(cost.cores(), "core"),
                cost.coreSeconds(),
                cost.resumed() ? ", counted since the run was last resumed" : "");
    }

    /** Returns the evaluation as a Markdown page, with a table of accuracies by class. */
    public static String markdown(EvaluationResult summary) {
        List<String> lines = new ArrayList<>(List.of(
                "# " + summary.set() + " on " + summary.dataset(),
                "",
                "| network | accuracy (%) | " + BEST + " |",
                "|---|---|---|"));
        summary.networks()
                .forEach(result ->
                        lines.add(row(List.of(result.network(), percent(result.accuracy()), percent(result.best())))));
        lines.addAll(List.of(
                "",
                String.format(
                        Locale.ROOT,
                        "%s of each kind, %s, %s stored in %,d bytes, %,d decoded, %s%s.",
                        Plural.of(summary.settings().repeats(), "network"),
                        length(summary),
                        Plural.of(summary.storedImages(), "image"),
                        summary.size().setBytes(),
                        summary.images(),
                        Plural.of(summary.testImages(), "test image"),
                        summary.tested().share()),
                ""));
        List<String> names = new ArrayList<>(List.of("class"));
        summary.networks().forEach(result -> names.add(result.network()));
        lines.add(row(names));
        lines.add(row(names.stream().map(_ -> "---").toList()));
        List<NetworkResult.ClassAccuracy> classes =
                summary.networks().getFirst().byClass();
        for (int label = 0; label < classes.size(); label++) {
            List<String> cells = new ArrayList<>(List.of(classes.get(label).name()));
            for (NetworkResult result : summary.networks()) {
                NetworkResult.ClassAccuracy each = result.byClass().get(label);
                cells.add(percent(each.mean(), each.std(), summary.settings().repeats()));
            }
            lines.add(row(cells));
        }
        lines.add("");
        summary.scores().ifPresent(scores -> scores(scores).forEach(line -> lines.add("- " + line)));
        lines.add("- " + size(summary));
        summary.cost().ifPresent(cost -> lines.add("- " + cost(cost)));
        return String.join("\n", lines) + "\n";
    }

    static String row(List<String> cells) {
        return cells.stream()
                .map(cell -> SafeExcerpt.line(cell).replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String percent(Accuracy accuracy) {
        return percent(accuracy.mean(), accuracy.std(), accuracy.values().size());
    }

    /** Omits the deviation of a single value. */
    private static String percent(double mean, double std, int repeats) {
        return repeats == 1
                ? String.format(Locale.ROOT, "%.2f", 100 * mean)
                : String.format(Locale.ROOT, "%.2f ± %.2f", 100 * mean, 100 * std);
    }

    private static String fraction(MeanAndStd value, int rounds) {
        return rounds == 1
                ? String.format(Locale.ROOT, "%.3f", value.mean())
                : String.format(Locale.ROOT, "%.3f ± %.3f", value.mean(), value.std());
    }

    private static String points(MeanAndStd value, int rounds) {
        return percent(value.mean(), value.std(), rounds) + " points";
    }
}
