package dev.reverie.lab.documentation;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The differences between a rehearsal and the documentation. Everything else runs as written, except that the stand-in
 * for {@code ./reverie} leaves services in the background, as a second terminal would.
 */
final class Deviations {

    /** Options with values that would take too long, and the values that replace them. */
    static final Map<String, String> QUICK_VALUES = Map.of(
            "--time-limit", "1s",
            "--epochs", "2",
            "--training-steps", "2",
            "--evaluate-steps", "2",
            "--evaluate-width", "8",
            "--real-epochs", "1",
            "--repeats", "1",
            "--seeds", "0",
            "--total-images", "20",
            "--width", "8");

    /** Subcommands that need further options to be quick, or to work without a network. */
    static final Map<String, String> ADDED_OPTIONS = Map.of(
            "demo", "--dataset folder:photos --ipc 2 --time-limit 1s --steps 10",
            "continual", "--steps 2 --methods dm,tile --step-time 1s",
            "evaluate gdumb/memory-dm-0.npz", "--width 8 --epochs 2",
            "bench ingest", "--seconds 1 --shape 1,8,8",
            "bench sample", "--seconds 1 --shape 1,8,8");

    /** Further replacements, in this order. Names in braces are environment variables of the rehearsal. */
    static final List<Replacement> REPLACEMENTS = List.of(
            new Replacement("replay\\.py --to", "replay.py --patience 0 --review 10 --to"),
            new Replacement("--network all", "--network convnet-3,mlp"),
            new Replacement("--network resnet-10", "--network convnet-2"),
            new Replacement("--steps 1050", "--steps 10"),
            new Replacement("(\\./reverie distill) (?!.*--width )", "$1 --width 8 "),
            // The options of continual that are added above.
            new Replacement("--methods (er-reservoir|dm,jpeg)\\S* --step-time \\S+", ""),
            new Replacement("--bytes-per-class \\S+ --ipc 200", "--bytes-per-class 1024,2048 --real-qualities 50"),
            // An event stream has no end; curl reports that with exit code 28.
            new Replacement("curl (-\\w*N) --max-time \\d+", "fails 28 curl $1 --max-time 1"),
            new Replacement("grep -A1 'event: warning'", "grep retry"),
            // The program of a checkout, which runs as the user of the rehearsal.
            new Replacement("runuser -u reverie -- ", ""),
            new Replacement("/opt/reverie/bin/reverie", "./reverie"),
            new Replacement("install -o reverie", "install"),
            // Commands that the pages show to fail.
            new Replacement("REVERIE_HTTP_HOST=0.0.0.0 ./reverie", "fails 2 env $0"),
            new Replacement("\\S+ serve --store damaged-store", "fails 2 $0"),
            // A service without systemd, in the folder of the rehearsal.
            new Replacement("systemctl start reverie", "./reverie serve --store store"),
            new Replacement("systemctl restart reverie", "./reverie serve --store store"),
            new Replacement("systemctl stop reverie", "./reverie end"),
            new Replacement("systemctl reload reverie", "kill -HUP \"\\$(cat service.pid)\""),
            new Replacement("systemctl kill --signal=KILL reverie", "kill -9 \"\\$(cat service.pid)\""),
            new Replacement("/var/lib/reverie", "."),
            new Replacement("/etc/reverie", "etc/reverie"),
            new Replacement("/srv/", "./"),
            // Free ports, and a class that exists.
            new Replacement("8080", "{PORT}"),
            new Replacement("8081", "{PORT_1}"),
            new Replacement("8082", "{PORT_2}"),
            new Replacement("17355", "{NODE_0}"),
            new Replacement("17356", "{NODE_1}"),
            new Replacement("17357", "{NODE_2}"),
            new Replacement("5432", "{PGPORT}"),
            new Replacement("classes/LABEL", "classes/Bag"));

    /** Commands that a rehearsal skips, word for word. */
    static final List<Skipped> SKIPPED = List.of(
            new Skipped("needs the network; FetcherIT runs it", "./reverie fetch fashion-mnist"),
            new Skipped(
                    "takes minutes and installs as root; ArchiveIT runs the archive",
                    "./reverie package",
                    "tar xzf deploy/target/dist/reverie-*-linux-x86_64.tar.gz -C /opt",
                    "tar xzf deploy/target/dist/reverie-VERSION-linux-x86_64.tar.gz -C /opt",
                    "ln -s /opt/reverie-*-linux-x86_64 /opt/reverie",
                    "ln -sfn /opt/reverie-VERSION-linux-x86_64 /opt/reverie"),
            new Skipped(
                    "needs root and systemd; SystemdIT has systemd check the unit",
                    "install -m 644 /opt/reverie/systemd/reverie.sysusers /usr/lib/sysusers.d/reverie.conf",
                    "systemd-sysusers",
                    "install -D -m 640 -g reverie /dev/null /etc/reverie/reverie.conf",
                    "install -m 644 /opt/reverie/systemd/reverie.service /etc/systemd/system/",
                    "systemctl enable --now reverie",
                    "systemctl daemon-reload",
                    "systemctl enable --now reverie-backup.timer"),
            new Skipped(
                    "needs the administrator of a PostgreSQL server; the server of the rehearsal has the user",
                    "runuser -u postgres -- createuser --createdb --pwprompt reverie"),
            new Skipped(
                    "needs Docker; DockerfileTest and ComposeIT check the files",
                    "docker build -f deploy/docker/Dockerfile -t reverie:0.1.0-SNAPSHOT .",
                    """
                    docker run --read-only --tmpfs /tmp:exec --cap-drop ALL --stop-timeout 30 -p 127.0.0.1:8080:8080 -v reverie:/var/lib/reverie \\
                        -v ./tokens:/run/secrets/tokens:ro -e REVERIE_HTTP_TOKENS_FILE=/run/secrets/tokens reverie:0.1.0-SNAPSHOT""",
                    "docker compose --project-directory deploy/compose up --build --wait"),
            new Skipped(
                    "needs a cluster; KubernetesManifestsTest reads the manifests as the API would",
                    "kubectl create namespace reverie",
                    "kubectl -n reverie create secret generic reverie-tokens --from-file=tokens",
                    "kubectl -n reverie apply -k deploy/kubernetes/base"),
            new Skipped(
                    "needs a Prometheus in the background; DashboardsIT starts one",
                    "prometheus --config.file=monitoring/src/main/prometheus/prometheus.yml --storage.tsdb.path=/var/lib/prometheus",
                    "curl -sS http://localhost:9090/api/v1/targets | python3 -m json.tool | grep -e lastError -e scrapeUrl"),
            new Skipped(
                    "needs a broker and kcat; KafkaIngestIT sends and reads the same records",
                    "kcat -P -b localhost:9092 -t reverie-samples -H label=cat -H id=cat-1 cat.png",
                    "kcat -C -b localhost:9092 -t reverie-samples.dead-letters -o -10 -e -f '%h\\n'"));

    private static final List<String> PAGES_WITH_A_SERVICE = List.of(
            "docs/runbooks/",
            "docs/guides/operate.md",
            "docs/guides/read-memory.md",
            "docs/guides/recover.md",
            "docs/guides/replay.md");

    private static final List<String> START_OF_A_SERVICE = List.of(
            "./reverie serve --store store",
            "./reverie replay --dataset fashion-mnist --to http://localhost:8080 --limit 8");

    private Deviations() {}

    /**
     * One replacement.
     *
     * @param pattern of the text to replace, a regular expression
     * @param replacement as in {@link Matcher#replaceAll(String)}
     */
    record Replacement(Pattern pattern, String replacement) {

        Replacement(String pattern, String replacement) {
            this(Pattern.compile(pattern), replacement);
        }

        boolean appliesTo(String command) {
            return pattern.matcher(command).find();
        }

        String applyTo(String command) {
            return pattern.matcher(command).replaceAll(replacement);
        }
    }

    /** Commands that are not run. */
    record Skipped(String reason, List<String> commands) {

        Skipped(String reason, String... commands) {
            this(reason, List.of(commands));
        }
    }

    static boolean skips(String command) {
        return SKIPPED.stream().anyMatch(skipped -> skipped.commands().contains(command));
    }

    /** The command that a rehearsal runs in place of {@code command}. */
    static String applyTo(String command) {
        String adapted = command;
        for (Map.Entry<String, String> quick : QUICK_VALUES.entrySet()) {
            adapted = adapted.replaceAll(quick.getKey() + " \\S+", quick.getKey() + " " + quick.getValue());
        }
        for (Map.Entry<String, String> added : ADDED_OPTIONS.entrySet()) {
            adapted = adapted.replace(subcommand(added.getKey()), subcommand(added.getKey()) + " " + added.getValue());
        }
        for (Replacement replacement : REPLACEMENTS) {
            adapted = replacement.applyTo(adapted);
        }
        return adapted;
    }

    /** The start of a command line that runs a subcommand of Reverie. */
    static String subcommand(String name) {
        return "./reverie " + name;
    }

    /** Commands to run before those of a page: some pages assume a service that has classes. */
    static List<String> setUp(Page page) {
        return PAGES_WITH_A_SERVICE.stream().anyMatch(page.name()::startsWith) ? START_OF_A_SERVICE : List.of();
    }
}
