package dev.reverie.deploy;

import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A distillation of a few tiny images by any method, which takes a second or less. */
public final class TinyDistillation {

    private TinyDistillation() {}

    /**
     * Returns the arguments of the application, without those that have no effect on the method.
     *
     * @param dataset as {@link TinyImageFolder#writeTo} returns it
     * @param outerIterations 0 for a set of initial images
     * @param out folder for the set and the report of the run
     */
    public static List<String> arguments(String dataset, Method method, int outerIterations, Path out) {
        List<String> arguments = new ArrayList<>(List.of("distill", "--dataset", dataset, "--method", method.label()));
        arguments.addAll(List.of("--ipc", "2", "--out", out.toString()));
        if (method != Method.RANDOM) {
            arguments.addAll(List.of("--width", "4"));
        }
        if (method.learns()) {
            arguments.addAll(List.of("--inner-loops", "2", "--outer-iterations", Integer.toString(outerIterations)));
        }
        return arguments;
    }
}
