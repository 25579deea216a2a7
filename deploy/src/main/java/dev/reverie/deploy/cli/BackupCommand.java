package dev.reverie.deploy.cli;

import dev.reverie.actors.backup.BackupException;
import dev.reverie.actors.backup.BackupSummary;
import dev.reverie.client.ReverieClient;
import dev.reverie.deploy.backup.BackupFile;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.text.Plural;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "backup",
        sortOptions = false,
        header = "Takes a backup of a running service.",
        description = "The backup holds everything that was acknowledged when it began: classes, real images, ids and"
                + " learned images. The service continues meanwhile. The file is verified and then appears as a whole or"
                + " not at all. A service with tokens requires one with the role admin.",
        footer = {
            "",
            "Examples:",
            "  reverie backup --from http://localhost:8080 --to monday.backup",
            "  reverie backup --from http://localhost:8080 --to nightly.backup --overwrite --token-file token"
        })
final class BackupCommand implements Callable<Integer> {

    private static final double MEGA = 1e6;

    @Option(
            names = "--from",
            paramLabel = "URL",
            required = true,
            description = "Address of the service; http:// may be omitted.")
    URI service = URI.create("");

    @Option(names = "--to", paramLabel = "FILE", required = true, description = "File for the backup.")
    Path to = Path.of("");

    @Option(names = "--overwrite", description = "Replace the file if it exists.")
    boolean overwrite;

    @ArgGroup
    TokenOption token = new TokenOption();

    private final CliContext context;

    BackupCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        BackupFile file = new BackupFile(to);
        file.requireWritable(overwrite);
        BackupSummary summary;
        try (ReverieClient client = token.clientOf(service);
                ProgressView view = context.progress(false).begin("Backing up");
                InputStream backup = client.backup()) {
            summary = file.receive(backup, view);
        } catch (BackupException incomplete) {
            throw new IOException("no backup was written: " + incomplete.getMessage(), incomplete);
        }
        context.terminal().out().println(to + ": " + sentence(summary));
        return ExitCode.DONE;
    }

    /** Returns a sentence such as {@code 10 classes as of 2026-01-02T03:04:05Z (12 events, 10 snapshots, 1.2 MB)}. */
    static String sentence(BackupSummary summary) {
        return String.format(
                Locale.ROOT,
                "%s as of %s (%s, %s, %.1f MB)",
                Plural.of(summary.classes(), "class", "classes"),
                summary.header().taken().truncatedTo(ChronoUnit.SECONDS),
                Plural.of(summary.events(), "event"),
                Plural.of(summary.snapshots(), "snapshot"),
                summary.bytes() / MEGA);
    }
}
