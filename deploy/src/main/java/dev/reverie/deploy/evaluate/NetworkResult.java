package dev.reverie.deploy.evaluate;

import dev.reverie.deploy.evaluate.EvaluationResult.Accuracy;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The result of evaluating a set with one kind of network.
 *
 * @param accuracy the accuracy of the networks at the end of their training
 * @param best the highest test accuracy that each network reached during its training
 * @param byClass the accuracy at the end of training, by class; classes without test images are omitted
 * @param seconds duration of training and testing
 */
public record NetworkResult(
        String network, Accuracy accuracy, Accuracy best, List<ClassAccuracy> byClass, double seconds) {

    public NetworkResult {
        byClass = List.copyOf(byClass);
    }

    /**
     * The accuracy on the test images of one class, over the repeats.
     *
     * @param name the name of the class, or its index if the set does not name it
     */
    public record ClassAccuracy(String name, double mean, double std) {}

    public static NetworkResult of(String network, EvaluationReport report, ClassList classes, double seconds) {
        return new NetworkResult(
                network, Accuracy.of(report.last()), Accuracy.of(report.best()), byClass(report, classes), seconds);
    }

    private static List<ClassAccuracy> byClass(EvaluationReport report, ClassList classes) {
        return IntStream.range(0, classes.size())
                .mapToObj(position -> {
                    Accuracy accuracy = Accuracy.of(report.byClass().stream()
                            .map(each -> each.get(position))
                            .toList());
                    String name = classes.names().get(position);
                    return new ClassAccuracy(
                            name.isEmpty() ? classes.indices().get(position).toString() : name,
                            accuracy.mean(),
                            accuracy.std());
                })
                .filter(each -> !Double.isNaN(each.mean()))
                .toList();
    }
}
