package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One contender over all seeds.
 *
 * @param accuracy on all classes seen so far, after each step, over the networks of all seeds
 * @param finalAccuracy the last of these
 * @param averageAccuracy see {@link SeedResult#averageAccuracy()}
 * @param forgetting see {@link SeedResult#forgetting()}
 */
public record MethodSummary(
        MemoryMethod method,
        int seeds,
        List<MeanAndStd> accuracy,
        MeanAndStd finalAccuracy,
        MeanAndStd averageAccuracy,
        Optional<MeanAndStd> forgetting) {

    public MethodSummary {
        accuracy = List.copyOf(accuracy);
    }

    /**
     * The contenders in the order in which they first appear.
     *
     * @param courses of equally many steps each
     */
    public static List<MethodSummary> of(List<SeedResult> courses) {
        return courses.stream()
                .map(SeedResult::method)
                .distinct()
                .map(method -> of(
                        method,
                        courses.stream()
                                .filter(course -> course.method() == method)
                                .toList()))
                .toList();
    }

    private static MethodSummary of(MemoryMethod method, List<SeedResult> courses) {
        int steps = courses.getFirst().stages().size();
        List<Double> forgetting = courses.stream()
                .map(SeedResult::forgetting)
                .flatMap(Optional::stream)
                .toList();
        return new MethodSummary(
                method,
                courses.size(),
                IntStream.range(0, steps)
                        .mapToObj(step -> overNetworks(courses, step))
                        .toList(),
                overNetworks(courses, steps - 1),
                spread(courses, SeedResult::averageAccuracy),
                forgetting.isEmpty() ? Optional.empty() : Optional.of(MeanAndStd.of(forgetting)));
    }

    private static MeanAndStd overNetworks(List<SeedResult> courses, int step) {
        return MeanAndStd.of(courses.stream()
                .flatMap(course -> course.stages().get(step).byNetwork().stream())
                .toList());
    }

    private static MeanAndStd spread(List<SeedResult> courses, Function<SeedResult, Double> value) {
        return MeanAndStd.of(courses.stream().map(value).toList());
    }
}
