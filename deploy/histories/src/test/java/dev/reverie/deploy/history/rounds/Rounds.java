package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.Verdict;
import dev.reverie.deploy.history.faults.Failpoint;
import dev.reverie.deploy.history.faults.FaultAgent;
import dev.reverie.deploy.history.faults.Mutant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs rounds in sessions, each with a store of its own. A round whose fault does not occur is repeated, and not
 * counted if the fault does not occur in the end. A round whose history has too many orders to search is not counted
 * either. Its history and log, and those of a session with a violation, are kept in {@code target/histories}.
 */
final class Rounds {

    private static final int ROUNDS_PER_SESSION = 3;
    private static final int ATTEMPTS = 3;
    private static final Path KEPT = Path.of("target", "histories");
    private static final Map<String, String> QUIET = Map.of(
            "REVERIE_LEARNING_MIN_IMAGES", "1000000",
            "REVERIE_EVALUATION_ENABLED", "false",
            "REVERIE_HTTP_ANSWER_TIME", "10 s");

    private final Path folder;
    private final Stores stores;
    private final List<String> agentArguments;
    private final Optional<Path> kept;
    private final Path agent;
    private final RoundTable table = new RoundTable();
    private final List<String> violations = new ArrayList<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<RoundPlan> missed = new ArrayList<>();
    private final long seed;
    private int sessions;
    private int undecided;
    private Duration slowestReturn = Duration.ZERO;

    private Rounds(Path folder, Stores stores, long seed, List<String> agentArguments, Optional<Path> kept)
            throws IOException {
        this.folder = folder;
        this.stores = stores;
        this.seed = seed;
        this.agentArguments = agentArguments;
        this.kept = kept;
        this.agent = FaultAgent.writeTo(folder);
    }

    /**
     * Rounds whose logs are in a folder.
     *
     * @param seed seed of the first session; each further session has the next one
     */
    static Rounds on(Stores stores, Path folder, long seed) throws IOException {
        return new Rounds(folder, stores, seed, List.of(), Optional.of(KEPT));
    }

    /** Rounds with a service that breaks a promise, on SQLite. */
    static Rounds ofMutant(Path folder, long seed, Mutant mutant) throws IOException {
        return new Rounds(folder, Stores.inFolder(folder), seed, List.of("mutant=" + mutant), Optional.empty());
    }

    /** Runs one round with each plan. */
    void run(List<RoundPlan> plans) throws IOException {
        int done = 0;
        while (done < plans.size()) {
            int end = Math.min(plans.size(), done + ROUNDS_PER_SESSION);
            done += session(plans.subList(done, end));
        }
    }

    /** Runs sessions with one round for each plan, until the first violation. */
    void runUntilViolation(List<RoundPlan> plans, int maxSessions) throws IOException {
        for (int session = 0; session < maxSessions && violations.isEmpty(); session++) {
            session(plans);
        }
    }

    /** Runs a session until its end or its first violation; returns the number of its rounds. */
    private int session(List<RoundPlan> plans) throws IOException {
        int number = sessions++;
        Path log = folder.resolve("session-" + number + ".log");
        Map<String, String> environment = new TreeMap<>(QUIET);
        environment.putAll(stores.environment(number));
        ServiceProcess.Launch launch = new ServiceProcess.Launch(List.of(), agent, agentArguments, environment, log);
        int rounds = 0;
        SplittableRandom random = new SplittableRandom(seed + number);
        try (Session session = new Session(launch, stores, random)) {
            for (RoundPlan plan : plans) {
                rounds++;
                Session.Result result = repeat(session, plan);
                if (result.isUndecided()) {
                    undecided++;
                    keep(launch, plan, result, seed + number);
                    break;
                }
                if (result.occurred()) {
                    table.add(stores.database(), plan, !result.isCorrect());
                } else {
                    missed.add(plan);
                }
                if (session.slowestReturn().compareTo(slowestReturn) > 0) {
                    slowestReturn = session.slowestReturn();
                }
                if (!result.isCorrect()) {
                    keep(launch, plan, result, seed + number);
                    return rounds;
                }
            }
        }
        stores.delete(number);
        return rounds;
    }

    private Session.Result repeat(Session session, RoundPlan plan) throws IOException {
        Session.Result result = session.run(plan);
        for (int attempt = 1; attempt < ATTEMPTS && !result.occurred() && result.isCorrect(); attempt++) {
            result = session.run(plan);
        }
        return result;
    }

    private void keep(ServiceProcess.Launch launch, RoundPlan plan, Session.Result result, long sessionSeed)
            throws IOException {
        String name = "%s-%s-%s-%d".formatted(stores.database(), plan.failpoint(), plan.fault(), sessionSeed);
        String report = "%s: %s".formatted(name, result.unresponsive().orElse(String.valueOf(result.verdict())));
        verdicts.add(result.verdict());
        if (!result.isUndecided()) {
            violations.add(report);
        }
        if (kept.isPresent()) {
            Files.createDirectories(kept.get());
            Files.copy(launch.history(), kept.get().resolve(name + ".json"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(launch.log(), kept.get().resolve(name + ".log"), StandardCopyOption.REPLACE_EXISTING);
            System.out.println(report);
        }
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** Number of rounds on which the search of their history was given up. */
    int undecided() {
        return undecided;
    }

    /** The verdicts on the rounds with violations, and on those that were not decided. */
    List<Verdict> verdicts() {
        return List.copyOf(verdicts);
    }

    /** The failpoints at which no fault occurred, although one was planned. */
    Set<Failpoint> missedFailpoints() {
        return missed.stream()
                .map(RoundPlan::failpoint)
                .filter(failpoint -> !table.has(failpoint))
                .collect(Collectors.toSet());
    }

    /** The rounds so far as a Markdown table, and the slowest return to readiness. */
    String summary() {
        return table.markdown()
                + "%nready %.1f s after the end of a fault at the latest; %d planned faults did not occur%s; %d not decided%n"
                        .formatted(slowestReturn.toMillis() / 1e3, missed.size(), missed, undecided);
    }
}
