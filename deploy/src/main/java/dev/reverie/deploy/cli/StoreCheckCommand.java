package dev.reverie.deploy.cli;

import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.registry.RegistryCheck;
import dev.reverie.actors.registry.StoredRegistry;
import dev.reverie.actors.store.CheckProgress;
import dev.reverie.actors.store.OfflineCheck;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.text.Plural;
import dev.reverie.streams.decode.SafeExcerpt;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Names what is damaged in a store. */
@Command(
        name = "check",
        sortOptions = false,
        header = "Reads a whole store, names what is damaged, and changes nothing.",
        description = "Verifies the checksum of every row, compares the rows with the index, and checks that no event"
                + " of a class is missing and that each class has rows. Exits with 0 if everything is whole, with 2 if"
                + " something is damaged, and with 1 if the store is in use, or if the disk or the database server"
                + " fails.",
        footer = {
            "",
            "Examples:",
            "  reverie store check --store /var/lib/reverie/store",
            "  reverie store check --store jdbc:postgresql://localhost:5432/reverie"
        })
final class StoreCheckCommand implements Callable<Integer> {

    private static final String REGISTRY = ClassRegistryActor.PERSISTENCE_ID.id();

    @Option(names = "--store", paramLabel = "STORE", required = true, description = "Folder or URL of the store.")
    String store = "";

    private final CliContext context;

    StoreCheckCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        StorePlace place = StorePlace.parse(store, context.environment());
        OfflineCheck.Report report;
        try (ProgressView view = context.progress(false).beginDelayed("Checking")) {
            report = place.check(REGISTRY, show(view));
        }
        ClassRegistryState registry = StoredRegistry.of(report.copiedRows(), store);
        Map<String, String> damaged = damaged(report, registry);
        print(report, registry, damaged);
        damaged.forEach((id, reason) ->
                context.terminal().out().println("  " + nameOf(id, registry) + ": " + SafeExcerpt.line(reason)));
        advice(report, damaged).ifPresent(context.terminal().out()::println);
        return damaged.isEmpty() && report.isWhole() ? ExitCode.DONE : ExitCode.WRONG_INPUT;
    }

    /** What is wrong with the rows of each actor, by persistence id. */
    private static Map<String, String> damaged(OfflineCheck.Report report, ClassRegistryState registry) {
        RegistryCheck check = new RegistryCheck(registry, report.damage());
        Map<String, String> damaged = new TreeMap<>(check.allDamage().reasons());
        if (!damaged.containsKey(REGISTRY)) {
            check.unregistered().ifPresent(id -> damaged.put(REGISTRY, "it lacks " + id + ", which has rows"));
        }
        return damaged;
    }

    private static CheckProgress show(ProgressView view) {
        return (rows, total) -> view.show(
                total > 0 ? Math.min(1, (double) rows / total) : 1,
                String.format(Locale.ROOT, "%,d of %s", rows, Plural.of(total, "row")));
    }

    private void print(OfflineCheck.Report report, ClassRegistryState registry, Map<String, String> damaged) {
        boolean isWhole = damaged.isEmpty() && report.isWhole();
        PrintWriter out = context.terminal().out();
        String content =
                Plural.of(registry.names().size(), "class", "classes") + ", " + Plural.of(report.rows(), "row");
        out.println(store + ": " + (isWhole ? content + ", all whole." : "damaged."));
        if (!report.hasChecksums()) {
            out.println(
                    "The rows have no checksums, because an earlier version of Reverie wrote them. Start the service"
                            + " once to add them.");
        }
        if (report.lostWrites()) {
            out.println(
                    "The log of the store is damaged, and its last writes are lost. Send the latest samples again to"
                            + " restore them.");
        }
        registry.names().keySet().stream()
                .map(index -> ClassPersistenceId.of(index).id())
                .filter(id -> !report.damage().actors().contains(id) && !damaged.containsKey(id))
                .forEach(id -> out.println("  " + nameOf(id, registry) + " has no rows: " + whyEmpty(registry)));
    }

    /** Earlier versions did not record which classes have had samples. */
    private static String whyEmpty(ClassRegistryState registry) {
        return registry.populated().isEmpty()
                ? "either it never had samples, or an earlier version lost them"
                : "it never had samples";
    }

    /** Names a class as in {@code 'cat' (class|3)}, with control characters escaped: the store may be a stranger's. */
    static String nameOf(String id, ClassRegistryState registry) {
        if (id.equals(REGISTRY)) {
            return "the list of classes";
        }
        return ClassPersistenceId.indexOf(id).stream()
                .mapToObj(index -> Optional.ofNullable(registry.names().get(index)))
                .flatMap(Optional::stream)
                .map(name -> "'" + SafeExcerpt.line(name) + "' (" + id + ")")
                .findFirst()
                .orElseGet(() -> SafeExcerpt.line(id));
    }

    private Optional<String> advice(OfflineCheck.Report report, Map<String, String> damaged) {
        if (damaged.isEmpty()) {
            return Optional.empty();
        }
        if (report.hasWholeRows() && damaged.equals(report.damage().reasons())) {
            return Optional.of("Only an index is damaged, and no data is lost: the next start builds it again.");
        }
        return Optional.of(
                damaged.containsKey(REGISTRY)
                        ? "Restore the store from a backup: without the list of classes, nothing else can be kept."
                        : "Restore the store from a backup, or keep the rest: reverie store export --store " + store
                                + " --to FILE --skip-damaged");
    }
}
