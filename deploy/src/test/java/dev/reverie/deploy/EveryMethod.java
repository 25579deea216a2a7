package dev.reverie.deploy;

import dev.reverie.deploy.cli.ReverieCommandLine;
import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
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
        Path folder = Path.of(arguments[1]);
        for (Method method : Method.values()) {
            int status = ReverieCommandLine.create(Reverie.context())
                    .execute(TinyDistillation.arguments(arguments[0], method, 1, folder.resolve(method.label()))
                            .toArray(String[]::new));
            if (status != 0) {
                System.err.println("failed: " + method.label());
                System.exit(status);
            }
        }
        System.exit(0);
    }
}
