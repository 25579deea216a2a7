package dev.reverie.deploy.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
        name = "cluster",
        header = "Shows the nodes of a service.",
        synopsisSubcommandLabel = "COMMAND",
        description = "A service can run on several nodes, which act as one.")
final class ClusterCommand extends CommandGroup {

    static CommandLine with(CliContext context) {
        return new CommandLine(new ClusterCommand()).addSubcommand(new ClusterStatusCommand(context));
    }
}
