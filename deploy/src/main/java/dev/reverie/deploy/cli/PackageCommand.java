package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Lists the {@code package} command in the help. The launcher builds the archive, because the build needs the source
 * code.
 */
@Command(
        name = "package",
        header = "Builds an archive that runs without an installed Java.",
        description = "Requires a checkout of the sources; the launcher ./reverie builds the archive and prints its"
                + " path.",
        footer = {"", "Example:", "  ./reverie package"})
final class PackageCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        throw new InputException(
                "the archive is built from a checkout of the sources: run ./reverie package in the project's folder");
    }
}
