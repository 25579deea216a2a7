package dev.reverie.deploy.cli;

import dev.reverie.actors.backup.BackupSummary;
import dev.reverie.deploy.backup.BackupFile;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.progress.ProgressView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Restores a backup; the command {@code restore}, which is also {@code store import}. */
@Command(
        name = "restore",
        sortOptions = false,
        header = "Restores a backup into an empty place.",
        description =
                "Verifies the whole backup, writes it into a new folder or an empty database, and reads everything"
                        + " again. Stop all nodes of a cluster that uses the database first. Afterwards, start the"
                        + " service with this store. A damaged or incomplete backup is"
                        + " refused, and nothing is changed. reverie restore and reverie store import are the same"
                        + " command. To move a store from a folder to PostgreSQL or back, write a backup of it with"
                        + " reverie store export, and restore that backup. User and password for a database are in the environment variables"
                        + " REVERIE_STORE_POSTGRES_USER and REVERIE_STORE_POSTGRES_PASSWORD.",
        footer = {
            "",
            "Examples:",
            "  reverie restore --from monday.backup --to restored-store",
            "  reverie restore --from monday.backup --to jdbc:postgresql://localhost:5432/restored",
            "  reverie store import --from moving.backup --store jdbc:postgresql://localhost:5432/reverie"
        })
final class RestoreCommand implements Callable<Integer> {

    @Option(names = "--from", paramLabel = "FILE", required = true, description = "The backup.")
    Path from = Path.of("");

    @Option(
            names = {"--to", "--store"},
            paramLabel = "STORE",
            required = true,
            description =
                    "Folder for the store, or URL of an empty database, like jdbc:postgresql://host:5432/reverie.")
    String to = "";

    private final CliContext context;

    RestoreCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        BackupFile file = new BackupFile(from);
        StorePlace place = StorePlace.parse(to, context.environment());
        place.requireNoStore();
        try (ProgressView view = context.progress(false).begin("Verifying")) {
            file.verify(view);
        }
        BackupSummary summary;
        try (ProgressView view = context.progress(false).begin("Restoring")) {
            summary = file.restoreInto(place, view);
        }
        context.terminal().out().println("Restored " + BackupCommand.sentence(summary) + ".");
        return ExitCode.DONE;
    }
}
