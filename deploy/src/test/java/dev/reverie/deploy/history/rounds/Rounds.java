package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.DeliveryRule;
import dev.reverie.deploy.history.faults.FaultAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

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
    private final String database;
    private final DeliveryRule rule;
    private final Function<Integer, Map<String, String>> store;
    private final List<String> agentArguments;
    private final Path agent;
    private final RoundTable table = new RoundTable();
    private final List<String> violations = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(Long.getLong("reverie.history.seed", 32));
    private int sessions;

    private Rounds(
            Path folder,
            String database,
            DeliveryRule rule,
            Function<Integer, Map<String, String>> store,
            List<String> agentArguments)
            throws IOException {
        this.folder = folder;
        this.database = database;
        this.rule = rule;
        this.store = store;
        this.agentArguments = agentArguments;
        this.agent = FaultAgent.writeTo(folder);
    }

    /** Rounds with stores in subfolders of a folder. */
    static Rounds onH2(Path folder, DeliveryRule rule, String... agentArguments) throws IOException {
        return new Rounds(
                folder,
                "H2",
                rule,
                session -> Map.of(
                        "REVERIE_STORE_FOLDER",
                        folder.resolve("store-" + session).toString()),
                List.of(agentArguments));
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
        environment.putAll(store.apply(number));
        ServiceProcess.Launch launch = new ServiceProcess.Launch(agent, agentArguments, environment, log);
        int rounds = 0;
        try (Session session = new Session(launch, rule, random.split())) {
            for (RoundPlan plan : plans) {
                rounds++;
                Session.Result result = repeat(session, plan);
                table.add(database, plan, !result.isExplained());
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
        Files.createDirectories(KEPT);
        String name = "%s-%s-%s-%d".formatted(database, plan.failpoint(), plan.fault(), System.currentTimeMillis());
        session.writeTo(KEPT.resolve(name + ".json"));
        Files.copy(log, KEPT.resolve(name + ".log"));
        violations.add(name + ": " + result.verdict());
        System.out.println(violations.getLast());
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** The rounds so far as a Markdown table. */
    String table() {
        return table.markdown();
    }
}
