package dev.reverie.deploy.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that only groups other commands. If called without a subcommand, the command prints its help and fails with
 * a usage error.
 */
@Command
abstract class CommandGroup implements Callable<Integer> {

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine command = Objects.requireNonNull(spec, "picocli sets it").commandLine();
        command.usage(command.getErr());
        return ExitCode.WRONG_INPUT;
    }
}
