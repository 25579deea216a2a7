package dev.reverie.deploy.cli;

import dev.reverie.actors.backup.BackupStream;
import dev.reverie.actors.backup.BackupSummary;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.RegistryCheck;
import dev.reverie.actors.registry.StoredRegistry;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoreSnapshot;
import dev.reverie.deploy.backup.BackupFile;
import dev.reverie.deploy.backup.BackupProgress;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.streams.decode.SafeExcerpt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a backup of a store that is not in use. */
@Command(
        name = "export",
        sortOptions = false,
        header = "Writes a backup of a store that no service uses.",
        description = "The file is the same as that of reverie backup. It is verified, and appears as a whole or not at"
                + " all.",
        footer = {"", "Example:", "  reverie store export --store /var/lib/reverie/store --to reverie.backup"})
final class StoreExportCommand implements Callable<Integer> {

    private static final String REGISTRY = ClassRegistryActor.PERSISTENCE_ID.id();

    @Option(names = "--store", paramLabel = "STORE", required = true, description = "Folder or URL of the store.")
    String store = "";

    @Option(names = "--to", paramLabel = "FILE", required = true, description = "File for the backup.")
    Path to = Path.of("");

    @Option(names = "--overwrite", description = "Replace the file if it exists.")
    boolean overwrite;

    @Option(
            names = "--skip-damaged",
            description =
                    "Leave out the classes whose rows are damaged, and name them. The backup contains nothing of them, so"
                            + " their names can be used again.")
    boolean skipDamaged;

    private final CliContext context;

    StoreExportCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        BackupFile file = new BackupFile(to);
        file.requireWritable(overwrite);
        StorePlace place = StorePlace.parse(store, context.environment());
        BackupSummary summary;
        RegistryCheck check;
        try (ProgressView progress = context.progress(false).begin("Exporting");
                Store opened = open(place, progress);
                StoreSnapshot rows = opened.snapshotOfWholeRows(BackupProgress.beforeCopying(progress))) {
            Instant taken = context.clock().instant();
            // damage found at the opening suffices to refuse an export; rows.damage() verifies all rows again
            check = RegistryCheck.of(rows, skipDamaged ? rows.damage() : opened.damage());
            if (!skipDamaged) {
                requireWhole(check);
            }
            try (BackupStream backup = stream(rows, check, taken)) {
                summary = file.write(backup, rows.payloadBytes(), progress);
            }
        }
        printDamaged(check);
        context.terminal().out().println(to + ": " + BackupCommand.sentence(summary));
        return ExitCode.DONE;
    }

    private static Store open(StorePlace place, ProgressView progress) {
        progress.show(0, "opening the store, which verifies its rows");
        return place.open();
    }

    private BackupStream stream(StoreSnapshot rows, RegistryCheck check, Instant taken) {
        return skipDamaged
                ? BackupStream.ofWholeRows(
                        rows,
                        taken,
                        StoredRegistry.forgetting(
                                rows.rows(REGISTRY), check.damagedClasses().keySet(), taken))
                : BackupStream.of(rows, taken);
    }

    private void requireWhole(RegistryCheck check) {
        String damaged = check.allDamage().reasons().keySet().stream()
                .map(id -> StoreCheckCommand.nameOf(id, check.registry()))
                .collect(Collectors.joining(", "));
        if (!damaged.isEmpty()) {
            throw new StoreException("the store " + store + " has damaged rows of " + damaged
                    + ": restore it from a backup, or export the rest with --skip-damaged");
        }
    }

    private void printDamaged(RegistryCheck check) {
        check.allDamage().reasons().forEach((id, reason) -> context.terminal()
                .err()
                .println("Left out " + StoreCheckCommand.nameOf(id, check.registry()) + ": "
                        + SafeExcerpt.line(reason)));
    }
}
