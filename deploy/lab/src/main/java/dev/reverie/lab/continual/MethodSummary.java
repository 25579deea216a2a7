package dev.reverie.lab.continual;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * The results of one method over all seeds.
 *
 * @param bytes size of the stored images after the last step, without compression; the largest of all seeds
 * @param npzBytes size of a compressed file of the stored images after the last step; the largest of all seeds
 * @param accuracy accuracy after each step on all classes seen so far: mean and standard deviation over the networks of
 *     all seeds
 * @param forgetting the forgetting (see {@link SeedResult#forgetting()}); empty if there is only one step
 */
record MethodSummary(
        MemoryMethod method,
        int seeds,
        long bytes,
        long npzBytes,
        List<MeanAndStd> accuracy,
        MeanAndStd finalAccuracy,
        MeanAndStd averageAccuracy,
        Optional<MeanAndStd> forgetting) {

    MethodSummary {
        accuracy = List.copyOf(accuracy);
    }

    /** Summarises each method, in order of first appearance. */
    static List<MethodSummary> of(List<SeedResult> results) {
        return results.stream()
                .map(SeedResult::method)
                .distinct()
                .map(method -> of(
                        method,
                        results.stream()
                                .filter(result -> result.method() == method)
                                .toList()))
                .toList();
    }

    private static MethodSummary of(MemoryMethod method, List<SeedResult> results) {
        int steps = results.getFirst().steps().size();
        List<MeanAndStd> accuracy = IntStream.range(0, steps)
                .mapToObj(step -> accuracyOverNetworks(results, step))
                .toList();
        List<Double> forgetting = results.stream()
                .map(SeedResult::forgetting)
                .flatMap(Optional::stream)
                .toList();
        return new MethodSummary(
                method,
                results.size(),
                largest(results, SeedResult.StepAccuracy::bytes),
                largest(results, SeedResult.StepAccuracy::npzBytes),
                accuracy,
                accuracy.getLast(),
                meanAndStd(results, SeedResult::averageAccuracy),
                forgetting.isEmpty() ? Optional.empty() : Optional.of(MeanAndStd.of(forgetting)));
    }

    private static long largest(List<SeedResult> results, ToLongFunction<SeedResult.StepAccuracy> size) {
        return results.stream()
                .map(result -> result.steps().getLast())
                .mapToLong(size)
                .max()
                .orElseThrow();
    }

    private static MeanAndStd accuracyOverNetworks(List<SeedResult> results, int step) {
        return MeanAndStd.of(results.stream()
                .flatMap(result -> result.steps().get(step).byNetwork().stream())
                .toList());
    }

    private static MeanAndStd meanAndStd(List<SeedResult> results, Function<SeedResult, Double> value) {
        return MeanAndStd.of(results.stream().map(value).toList());
    }
}
