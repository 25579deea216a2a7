package dev.reverie.deploy.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Groups the commands for a store that is not in use. */
@Command(
        name = "store",
        header = "Checks, compacts, exports and imports a store that no service uses.",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Stop the service first, and all nodes of a cluster: these commands refuse a store that is in use. STORE is the folder of a"
                        + " store, or the URL of a database. User and password for a database are in the environment variables"
                        + " REVERIE_STORE_POSTGRES_USER and REVERIE_STORE_POSTGRES_PASSWORD.")
final class StoreCommand extends CommandGroup {

    static CommandLine with(CliContext context) {
        return new CommandLine(new StoreCommand())
                .addSubcommand(new StoreCheckCommand(context))
                .addSubcommand(new StoreCompactCommand(context))
                .addSubcommand(new StoreExportCommand(context))
                .addSubcommand(new CommandLine(new RestoreCommand(context)).setCommandName("import"));
    }
}
