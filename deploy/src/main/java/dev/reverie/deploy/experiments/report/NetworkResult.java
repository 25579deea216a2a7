package dev.reverie.deploy.experiments.report;

import dev.reverie.deploy.experiments.report.EvaluationSummary.Accuracy;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What networks of one kind made of a set.
 *
 * @param network as on the command line
 * @param accuracy at the end of each training
 * @param best at the best of each training's tests
 * @param byClass accuracy at the end of each training by class; those without test images are left out
 * @param seconds of training and testing
 */
public record NetworkResult(String network, Accuracy accuracy, Accuracy best, List<OfClass> byClass, double seconds) {

    public NetworkResult {
        byClass = List.copyOf(byClass);
    }

    /**
     * Accuracy on the test images of one class, over the repeats.
     *
     * @param name of the class, or its index where the set names none
     */
    public record OfClass(String name, double mean, double std) {}

    /** Summarises a report. */
    public static NetworkResult of(String network, EvaluationReport report, List<String> classNames, double seconds) {
        return new NetworkResult(
                network,
                EvaluationSummary.last(report),
                EvaluationSummary.best(report),
                byClass(report, classNames),
                seconds);
    }

    private static List<OfClass> byClass(EvaluationReport report, List<String> classNames) {
        return IntStream.range(0, classNames.size())
                .mapToObj(label -> {
                    Accuracy accuracy = Accuracy.of(report.byClass().stream()
                            .map(each -> each.get(label))
                            .toList());
                    String name = classNames.get(label).isEmpty() ? Integer.toString(label) : classNames.get(label);
                    return new OfClass(name, accuracy.mean(), accuracy.std());
                })
                .filter(each -> !Double.isNaN(each.mean()))
                .toList();
    }
}
