package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.evaluate.Spread;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One contender over all seeds.
 *
 * @param accuracy on all classes seen so far, after each step, over the networks of all seeds
 * @param finalAccuracy the last of these
 * @param averageAccuracy see {@link Course#averageAccuracy()}
 * @param forgetting see {@link Course#forgetting()}
 */
public record Summary(
        Contender method,
        int seeds,
        List<Spread> accuracy,
        Spread finalAccuracy,
        Spread averageAccuracy,
        Optional<Spread> forgetting) {

    public Summary {
        accuracy = List.copyOf(accuracy);
    }

    /**
     * The contenders in the order in which they first appear.
     *
     * @param courses of equally many steps each
     */
    public static List<Summary> of(List<Course> courses) {
        return courses.stream()
                .map(Course::method)
                .distinct()
                .map(method -> of(
                        method,
                        courses.stream()
                                .filter(course -> course.method() == method)
                                .toList()))
                .toList();
    }

    private static Summary of(Contender method, List<Course> courses) {
        int steps = courses.getFirst().stages().size();
        List<Double> forgetting = courses.stream()
                .map(Course::forgetting)
                .flatMap(Optional::stream)
                .toList();
        return new Summary(
                method,
                courses.size(),
                IntStream.range(0, steps)
                        .mapToObj(step -> overNetworks(courses, step))
                        .toList(),
                overNetworks(courses, steps - 1),
                spread(courses, Course::averageAccuracy),
                forgetting.isEmpty() ? Optional.empty() : Optional.of(Spread.of(forgetting)));
    }

    private static Spread overNetworks(List<Course> courses, int step) {
        return Spread.of(courses.stream()
                .flatMap(course -> course.stages().get(step).byNetwork().stream())
                .toList());
    }

    private static Spread spread(List<Course> courses, Function<Course, Double> value) {
        return Spread.of(courses.stream().map(value).toList());
    }
}
