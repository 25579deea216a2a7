package dev.reverie.deploy.cli;

import dev.reverie.actors.store.Store;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.text.Plural;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands for a store that is not in use. */
@Command(
        name = "store",
        header = "Checks, compacts, exports and imports a store that no service uses.",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Stop the service first, and all nodes of a cluster: these commands refuse a store that is in use. STORE is"
                        + " the folder of a store, or the URL of a database. User and password for a database are in the"
                        + " environment variables REVERIE_STORE_POSTGRES_USER and REVERIE_STORE_POSTGRES_PASSWORD.")
final class StoreCommand extends CommandGroup {

    private static final double MEGA = 1e6;

    private final CliContext context;

    private StoreCommand(CliContext context) {
        this.context = context;
    }

    static CommandLine with(CliContext context) {
        return new CommandLine(new StoreCommand(context))
                .addSubcommand(new StoreCheckCommand(context))
                .addSubcommand(new StoreExportCommand(context))
                .addSubcommand(new CommandLine(new RestoreCommand(context)).setCommandName("import"));
    }

    @Command(
            name = "compact",
            sortOptions = false,
            header = "Shrinks the file of a store in a folder.",
            description =
                    "Gives the space of deleted rows back to the disk, as a running service does by itself except for a"
                            + " quarter of the file. A PostgreSQL server compacts its tables itself.",
            footer = {"", "Example:", "  reverie store compact --store /var/lib/reverie/store"})
    int compact(
            @Option(names = "--store", paramLabel = "DIR", required = true, description = "Folder of the store.")
                    String store)
            throws IOException {
        if (!(StorePlace.parse(store, context.environment()) instanceof StorePlace.Folder place)) {
            throw new InputException("the store " + store
                    + " has no file to compact, because a PostgreSQL server compacts its tables itself: name the"
                    + " folder of a store");
        }
        double before;
        try (Store opened = place.open()) {
            before = place.fileSize();
            compactWithProgress(opened);
        }
        context.terminal()
                .out()
                .printf(
                        Locale.ROOT,
                        "%s: %.1f MB before, %.1f MB now%n",
                        store,
                        before / MEGA,
                        place.fileSize() / MEGA);
        return ExitCode.DONE;
    }

    private void compactWithProgress(Store opened) {
        try (ProgressView view = context.progress(false).beginDelayed("Compacting")) {
            opened.compact((released, free) -> view.show(
                    (double) released / free,
                    String.format(Locale.ROOT, "%,d of %s", released, Plural.of(free, "free page"))));
        }
    }
}
