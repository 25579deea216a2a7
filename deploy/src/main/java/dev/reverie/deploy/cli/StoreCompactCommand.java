package dev.reverie.deploy.cli;

import dev.reverie.actors.store.Store;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.text.Plural;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shrinks the file of a store. */
@Command(
        name = "compact",
        sortOptions = false,
        header = "Shrinks the file of a store in a folder.",
        description =
                "Gives the space of deleted rows back to the disk, as a running service does by itself except for a"
                        + " quarter of the file. A PostgreSQL server compacts its tables itself.",
        footer = {"", "Example:", "  reverie store compact --store /var/lib/reverie/store"})
final class StoreCompactCommand implements Callable<Integer> {

    private static final double MEGA = 1e6;

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
            compact(opened);
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

    private void compact(Store opened) {
        try (ProgressView view = context.progress(false).beginDelayed("Compacting", CliContext.PROGRESS_PAUSE)) {
            opened.maintenance()
                    .compact((released, free) -> view.show(
                            (double) released / free,
                            String.format(Locale.ROOT, "%,d of %s", released, Plural.of(free, "free page"))));
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
