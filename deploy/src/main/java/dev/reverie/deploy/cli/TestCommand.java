package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Listed so that the help is complete; the launcher runs the tests itself, for it needs the sources. */
@Command(
        name = "test",
        header = "Runs all the project's tests.",
        description = "Needs a checkout of the sources and Maven; the launcher ./reverie does it.",
        footer = {"", "Example:", "  ./reverie test"})
final class TestCommand implements Callable<Integer> {

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        throw new InputException(
                "the tests run from a checkout of the sources: type ./reverie test in the project's folder");
    }
}
