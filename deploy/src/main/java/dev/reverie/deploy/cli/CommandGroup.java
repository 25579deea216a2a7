package dev.reverie.deploy.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that only groups other commands. If called without a subcommand, the command prints its help and fails with
 * a usage error.
 */
@Command
public abstract class CommandGroup implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    CommandLine commandLine() {
        return Objects.requireNonNull(spec, "picocli sets it").commandLine();
    }

    @Override
    public Integer call() {
        commandLine().usage(commandLine().getErr());
        return ExitCode.WRONG_INPUT;
    }
}
