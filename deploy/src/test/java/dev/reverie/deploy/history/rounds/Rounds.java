package dev.reverie.deploy.history.rounds;

import dev.reverie.actors.store.PostgresServer;
import dev.reverie.deploy.history.DeliveryRule;
import dev.reverie.deploy.history.faults.FaultAgent;
import dev.reverie.deploy.history.faults.Mutant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Runs rounds in sessions, each with a store of its own. A round whose fault does not occur is repeated. The history
 * and the log of a session with a violation are kept in {@code target/histories}.
 */
final class Rounds {

    private static final int ROUNDS_PER_SESSION = 6;
    private static final int ATTEMPTS = 3;
    private static final Path KEPT = Path.of("target", "histories");
    private static final Map<String, String> QUIET = Map.of(
            "REVERIE_LEARNING_MIN_IMAGES", "1000000",
            "REVERIE_EVALUATION_ENABLED", "false",
            "REVERIE_HTTP_ANSWER_TIME", "10 s");

    private final Path folder;
    private final DeliveryRule rule;
    private final Stores stores;
    private final List<String> agentArguments;
    private final Optional<Path> kept;
    private final Path agent;
    private final RoundTable table = new RoundTable();
    private final List<String> violations = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(Long.getLong("reverie.history.seed", 32));
    private int sessions;

    private Rounds(Path folder, Stores stores, DeliveryRule rule, List<String> agentArguments, Optional<Path> kept)
            throws IOException {
        this.folder = folder;
        this.stores = stores;
        this.rule = rule;
        this.agentArguments = agentArguments;
        this.kept = kept;
        this.agent = FaultAgent.writeTo(folder);
    }

    /** Rounds with stores in subfolders of a folder. */
    static Rounds onH2(Path folder, DeliveryRule rule) throws IOException {
        return new Rounds(folder, Stores.inFolder(folder), rule, List.of(), Optional.of(KEPT));
    }

    /** Rounds with databases of a PostgreSQL server. */
    static Rounds onPostgres(Path folder, PostgresServer server, DeliveryRule rule) throws IOException {
        return new Rounds(folder, Stores.on(server), rule, List.of(), Optional.of(KEPT));
    }

    /** Rounds with a service that breaks a promise, on H2. */
    static Rounds ofMutant(Path folder, DeliveryRule rule, Mutant mutant) throws IOException {
        return new Rounds(folder, Stores.inFolder(folder), rule, List.of("mutant=" + mutant), Optional.empty());
    }

    /** Runs one round with each plan. */
    void run(List<RoundPlan> plans) throws IOException {
        int done = 0;
        while (done < plans.size()) {
            int end = Math.min(plans.size(), done + ROUNDS_PER_SESSION);
            done += session(plans.subList(done, end));
        }
    }

    /** Runs a session until its end or its first violation; returns the number of its rounds. */
    private int session(List<RoundPlan> plans) throws IOException {
        int number = sessions++;
        Path log = folder.resolve("session-" + number + ".log");
        Map<String, String> environment = new TreeMap<>(QUIET);
        environment.putAll(stores.environment(number));
        ServiceProcess.Launch launch = new ServiceProcess.Launch(agent, agentArguments, environment, log);
        int rounds = 0;
        try (Session session = new Session(launch, stores::killServer, rule, random.split())) {
            for (RoundPlan plan : plans) {
                rounds++;
                Session.Result result = repeat(session, plan);
                table.add(stores.database(), plan, !result.isExplained());
                if (!result.isExplained()) {
                    keep(session, log, plan, result);
                    return rounds;
                }
            }
        }
        return rounds;
    }

    private Session.Result repeat(Session session, RoundPlan plan) throws IOException {
        Session.Result result = session.run(plan);
        for (int attempt = 1; attempt < ATTEMPTS && !result.occurred() && result.isExplained(); attempt++) {
            result = session.run(plan);
        }
        if (!result.occurred()) {
            System.out.println("the fault did not occur: " + plan);
        }
        return result;
    }

    private void keep(Session session, Path log, RoundPlan plan, Session.Result result) throws IOException {
        String name =
                "%s-%s-%s-%d".formatted(stores.database(), plan.failpoint(), plan.fault(), System.currentTimeMillis());
        violations.add(name + ": " + result.verdict());
        if (kept.isPresent()) {
            Files.createDirectories(kept.get());
            session.writeTo(kept.get().resolve(name + ".json"));
            Files.copy(log, kept.get().resolve(name + ".log"));
            System.out.println(violations.getLast());
        }
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** The rounds so far as a Markdown table. */
    String table() {
        return table.markdown();
    }
}
