package dev.reverie.deploy;

import dev.reverie.deploy.cli.ReverieCommandLine;
import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Distils a dataset by every method in one process, because most of the time of a short run is spent on starting. The
 * arguments are the dataset and a folder, in which each run gets the folder with the name of its method.
 */
public final class EveryMethod {

    private EveryMethod() {}

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        VectorModule.load();
        for (Method method : Method.values()) {
            int status = ReverieCommandLine.create(Reverie.context())
                    .execute(distil(arguments[0], method, Path.of(arguments[1])).toArray(String[]::new));
            if (status != 0) {
                System.err.println("failed: " + method.label());
                System.exit(status);
            }
        }
        System.exit(0);
    }

    private static List<String> distil(String dataset, Method method, Path folder) {
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
                "1",
                "--out",
                folder.resolve(method.label()).toString());
    }
}
