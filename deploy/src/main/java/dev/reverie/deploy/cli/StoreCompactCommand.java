package dev.reverie.deploy.cli;

import dev.reverie.actors.store.Store;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.InputException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shrinks the file of a store. */
@Command(
        name = "compact",
        sortOptions = false,
        header = "Shrinks the file of a store in a folder.",
        description = "Writes the file anew without the space of deleted rows, and then replaces the old file. The disk"
                + " needs room for both. A PostgreSQL server compacts its tables itself.",
        footer = {"", "Example:", "  reverie store compact --store /var/lib/reverie/store"})
final class StoreCompactCommand implements Callable<Integer> {

    private static final double MEGA = 1e6;
    private static final long INTERVAL_MS = 250;

    @Option(names = "--store", paramLabel = "DIR", required = true, description = "Folder of the store.")
    String store = "";

    private final CliContext context;

    StoreCompactCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        StorePlace.Folder place = folder();
        double before;
        try (Store opened = place.open()) {
            before = place.fileSize();
            rewrite(opened, place, before);
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

    private void rewrite(Store opened, StorePlace.Folder place, double before) {
        try (ProgressView view = context.progress(false).beginDelayed("Compacting", CliContext.PROGRESS_PAUSE);
                ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<?> _ = watch.scheduleWithFixedDelay(
                    () -> show(view, (double) place.newFileSize(), before),
                    INTERVAL_MS,
                    INTERVAL_MS,
                    TimeUnit.MILLISECONDS);
            opened.maintenance().rewriteFile();
        }
    }

    private static void show(ProgressView view, double written, double before) {
        if (written > 0) { // H2 has begun to write, and has not yet replaced the old file
            view.show(
                    Math.min(1, written / before),
                    String.format(Locale.ROOT, "%.1f of at most %.1f MB", written / MEGA, before / MEGA));
        }
    }

    private StorePlace.Folder folder() {
        return switch (StorePlace.parse(store, context.environment())) {
            case StorePlace.Folder folder -> folder;
            case StorePlace.Server server ->
                throw new InputException("the store " + server
                        + " has no file to compact, because a PostgreSQL server compacts its tables itself: name the"
                        + " folder of a store");
        };
    }
}
