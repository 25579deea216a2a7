package dev.reverie.deploy.cli;

import java.util.List;
import picocli.CommandLine;

/**
 * Adds the commands of another module to the command line. The application finds providers by
 * {@link java.util.ServiceLoader}, so it has the commands if the jar of the module is on its class path.
 */
@FunctionalInterface
public interface CommandProvider {

    /** Creates the commands, with their subcommands and the converters that only they need. */
    List<CommandLine> commands(CliContext context);
}
