package dev.reverie.deploy;

import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
import java.util.List;

/** A distillation of a few tiny images by any method, which takes a second or less. */
public final class TinyDistillation {

    private TinyDistillation() {}

    /**
     * Returns the arguments of the application.
     *
     * @param dataset as {@link TinyImageFolder#writeTo} returns it
     * @param outerIterations 0 for a set of initial images
     * @param out folder for the set and the report of the run
     */
    public static List<String> arguments(String dataset, Method method, int outerIterations, Path out) {
        return List.of(
                "distill",
                "--dataset",
                dataset,
                "--method",
                method.label(),
                "--ipc",
                "2",
                "--width",
                "4",
                "--inner-loops",
                "2",
                "--outer-iterations",
                Integer.toString(outerIterations),
                "--out",
                out.toString());
    }
}
