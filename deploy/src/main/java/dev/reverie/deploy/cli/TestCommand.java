package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lists the {@code test} command in the help. The tests need the source code, so the launcher runs them. */
@Command(
        name = "test",
        header = "Runs all tests of the project.",
        description = "Requires a checkout of the sources; the launcher ./reverie runs the tests.",
        footer = {"", "Example:", "  ./reverie test"})
final class TestCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        throw new InputException(
                "the tests run in a checkout of the sources: run ./reverie test in the project's folder");
    }
}
