package dev.reverie.deploy.cli;

import dev.reverie.deploy.backup.BackupFile;
import dev.reverie.deploy.backup.StorePlace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads a backup into an empty store. */
@Command(
        name = "import",
        sortOptions = false,
        header = "Reads a backup into a new folder or an empty database.",
        description = "Does the same as reverie restore. To move a store from a folder to PostgreSQL or back, export it"
                + " and import it there.",
        footer = {
            "",
            "Example:",
            "  reverie store import --from reverie.backup --store jdbc:postgresql://localhost:5432/reverie"
        })
final class StoreImportCommand implements Callable<Integer> {

    @Option(names = "--from", paramLabel = "FILE", required = true, description = "The backup.")
    Path from = Path.of("");

    @Option(
            names = "--store",
            paramLabel = "STORE",
            required = true,
            description = "Folder for the store, or URL of an empty database.")
    String store = "";

    @Mixin
    final CommonOptions common = new CommonOptions();

    private final CliContext context;

    StoreImportCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        RestoreCommand.restore(context, new BackupFile(from), StorePlace.parse(store, context.environment()));
        return ExitCode.DONE;
    }
}
