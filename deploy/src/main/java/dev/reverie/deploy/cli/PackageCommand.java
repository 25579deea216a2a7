package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Listed so that the help is complete; the launcher makes the archive itself, for it needs the sources. */
@Command(
        name = "package",
        header = "Makes an archive that runs where no Java is.",
        description =
                "Needs a checkout of the sources and Maven; the launcher ./reverie does it, and says where it lies.",
        footer = {"", "Example:", "  ./reverie package"})
final class PackageCommand implements Callable<Integer> {

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        throw new InputException("the archive is made from a checkout of the sources: type ./reverie package in the"
                + " project's folder");
    }
}
