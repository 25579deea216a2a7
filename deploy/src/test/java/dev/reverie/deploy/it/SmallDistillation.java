package dev.reverie.deploy.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A distillation whose outer iterations end within a second.
 *
 * @param dataset value of the option {@code --dataset}
 * @param out folder of the run
 */
public record SmallDistillation(String dataset, Path out) {

    /** Returns the arguments of the application. */
    public List<String> arguments(int outerIterations, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "distill",
                "--dataset",
                dataset,
                "--ipc",
                "2",
                "--width",
                "4",
                "--inner-loops",
                "2",
                "--representatives",
                "8",
                "--outer-iterations",
                Integer.toString(outerIterations),
                "--out",
                out.toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }
}
