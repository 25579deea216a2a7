package dev.reverie.deploy.cli;

import dev.reverie.actors.backup.BackupStream;
import dev.reverie.actors.backup.BackupSummary;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.RegistryCheck;
import dev.reverie.actors.registry.StoredRegistry;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreView;
import dev.reverie.deploy.backup.BackupFile;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.progress.ProgressView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
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
        BackupSummary summary;
        Optional<RegistryCheck> check;
        try (Store opened = StorePlace.parse(store, context.environment()).open();
                StoreView rows = skipDamaged
                        ? opened.maintenance().viewOfWholeRows()
                        : opened.maintenance().view();
                ProgressView progress = context.progress(false).begin("Exporting")) {
            check = skipDamaged ? Optional.of(RegistryCheck.of(rows, rows.damage())) : Optional.empty();
            if (!skipDamaged) {
                RegistryCheck.requireNoneMissing(rows);
            }
            try (BackupStream backup = stream(rows, check)) {
                summary = file.write(backup, progress);
            }
        }
        check.ifPresent(this::printDamaged);
        context.terminal().out().println(to + ": " + BackupSentence.of(summary));
        return ExitCode.DONE;
    }

    private BackupStream stream(StoreView rows, Optional<RegistryCheck> check) {
        Instant taken = context.clock().instant();
        return check.map(found -> BackupStream.ofWholeRows(
                        rows,
                        taken,
                        StoredRegistry.forgetting(
                                rows.rows(REGISTRY), found.damagedClasses().keySet(), taken)))
                .orElseGet(() -> BackupStream.of(rows, taken));
    }

    private void printDamaged(RegistryCheck check) {
        check.allDamage().reasons().forEach((id, reason) -> context.terminal()
                .err()
                .println("Left out " + StoreCheckCommand.nameOf(id, check.registry()) + ": " + reason));
    }
}
