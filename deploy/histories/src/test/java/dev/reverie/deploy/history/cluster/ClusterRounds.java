package dev.reverie.deploy.history.cluster;

import dev.reverie.actors.store.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Runs rounds with one cluster, and with a new one after each violation. Keeps the histories and logs of violations in
 * {@code target/histories}.
 */
final class ClusterRounds {

    private static final Path KEPT = Path.of("target", "histories");

    /** What is done to the database of a new cluster before its first round. */
    interface Preparation {
        void prepare(String database) throws IOException;
    }

    private final Path folder;
    private final NodeNetwork network;
    private final PostgresServer server;
    private final Preparation preparation;
    private final SplittableRandom random;
    private final List<RoundResult> results = new ArrayList<>();

    ClusterRounds(Path folder, NodeNetwork network, PostgresServer server, long seed, Preparation preparation) {
        this.folder = folder;
        this.network = network;
        this.server = server;
        this.preparation = preparation;
        this.random = new SplittableRandom(seed);
    }

    /** Runs one round with each fault. */
    void run(List<ClusterFault> faults) throws IOException {
        int done = 0;
        while (done < faults.size()) {
            done += session(faults.subList(done, faults.size()));
        }
    }

    /** Runs rounds until the first violation, and returns their number. */
    private int session(List<ClusterFault> faults) throws IOException {
        Path logs = Files.createDirectories(folder.resolve("session-" + results.size()));
        network.separation().ifPresent(NodeNetwork.Separation::heal);
        String database = server.newDatabase();
        JournalFloors floors = new JournalFloors(database);
        int rounds = 0;
        try (ClusterNodes nodes = ClusterNodes.startedOn(network, database, logs)) {
            preparation.prepare(database);
            for (ClusterFault fault : faults) {
                rounds++;
                RoundResult result =
                        new ClusterRound(network, nodes, server, floors, results.size(), random.split()).run(fault);
                results.add(result);
                System.out.printf(
                        "%s: %d acknowledgements, %.0f/s, longest gap %.1f s%s %s%n",
                        fault,
                        result.acknowledgements(),
                        result.acknowledgementsPerSecond(),
                        result.outage().toMillis() / 1e3,
                        result.undecided() ? ", undecided" : "",
                        result.violations());
                if (!result.violations().isEmpty() || result.undecided()) {
                    keep(result, nodes);
                }
                if (!result.violations().isEmpty()) {
                    return rounds;
                }
            }
        }
        return rounds;
    }

    private void keep(RoundResult result, ClusterNodes nodes) throws IOException {
        String name = "cluster-%d-%s".formatted(results.size(), result.fault());
        Files.createDirectories(KEPT);
        result.history().writeTo(KEPT.resolve(name + ".json"));
        for (Path log : nodes.logs()) {
            Files.copy(log, KEPT.resolve(name + "-" + log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    List<String> violations() {
        return results.stream().flatMap(result -> result.violations().stream()).toList();
    }

    /** Number of rounds on which the search of their history was given up. */
    int undecided() {
        return (int) results.stream().filter(RoundResult::undecided).count();
    }

    /** A Markdown table with one row for each fault. */
    String summary() {
        StringBuilder text = new StringBuilder(
                "| fault | rounds | violations | undecided | acknowledgements/s |"
                        + " slowest round | longest time without an acknowledgement for a class |\n|---|--:|--:|--:|--:|--:|--:|\n");
        for (ClusterFault fault : ClusterFault.values()) {
            List<RoundResult> own =
                    results.stream().filter(result -> result.fault() == fault).toList();
            if (!own.isEmpty()) {
                text.append(row(fault, own));
            }
        }
        return text.toString();
    }

    private static String row(ClusterFault fault, List<RoundResult> own) {
        double seconds = own.stream()
                .mapToDouble(result -> result.load().toMillis() / 1e3)
                .sum();
        return "| %s | %d | %d | %d | %.0f | %.0f | %.1f s |%n"
                .formatted(
                        fault.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        own.size(),
                        own.stream()
                                .mapToInt(result -> result.violations().size())
                                .sum(),
                        own.stream().filter(RoundResult::undecided).count(),
                        own.stream().mapToInt(RoundResult::acknowledgements).sum() / seconds,
                        own.stream()
                                .mapToDouble(RoundResult::acknowledgementsPerSecond)
                                .min()
                                .orElse(0),
                        own.stream()
                                        .mapToLong(result -> result.outage().toMillis())
                                        .max()
                                        .orElse(0)
                                / 1e3);
    }
}
