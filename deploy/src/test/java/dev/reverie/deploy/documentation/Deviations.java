package dev.reverie.deploy.documentation;

import java.util.List;

/**
 * Where a rehearsal deviates from the letter of the documentation. Everything else is done as it is written, but for
 * {@code ./reverie}, which leaves services running in the background, as a second terminal does.
 */
final class Deviations {

    /**
     * What is replaced in every command: so that it takes seconds, and neither the network nor root. Names in braces
     * are those of variables of the rehearsal.
     */
    static final List<Instead> INSTEAD = List.of(
            // Times and sizes.
            new Instead(
                    "--ipc 10 --time-limit 5m --out run",
                    "--ipc 10 --width 8 --outer-iterations 1 --inner-loops 2 --out run"),
            new Instead("--time-limit 5m", "--time-limit 1s"),
            new Instead("--time-limit 2m", "--time-limit 1s"),
            new Instead("--time-limit 1m", "--time-limit 1s"),
            new Instead("--out out2", "--out out2 --time-limit 1s"),
            new Instead("--epochs 300", "--epochs 2"),
            new Instead("--epochs 40", "--epochs 2"),
            new Instead("--epochs 150", "--epochs 2"),
            new Instead("--epochs 525", "--epochs 2"),
            new Instead("--epochs 1050", "--epochs 2"),
            new Instead("--network all --width 64", "--network convnet-3,convnet-3-bn,resnet-10,mlp --width 8"),
            new Instead("--width 48", "--width 8"),
            new Instead("--width 64", "--width 8"),
            new Instead("./reverie demo", "./reverie demo --dataset folder:photos --ipc 2 --time-limit 1s --steps 10"),
            new Instead(
                    "--steps 5 --ipc 10 --seeds 0,1,2",
                    "--steps 2 --ipc 1 --methods dream,tile --step-time 1s --training-steps 2 --width 8"),
            new Instead("analyze --all", "analyze mmd"),
            new Instead(
                    "gradient-norm gradient-difference mmd migration coverage sampling representatives interval",
                    "gradient-norm gradient-difference"),
            new Instead("sampling ablation --dataset fashion-mnist --seeds 0,1,2", "mmd --dataset fashion-mnist"),
            new Instead("--seeds 0,1,2 --evaluation-steps 1000", ""),
            new Instead(
                    "./reverie analyze ",
                    "./reverie analyze --width 4 --ipc 1 --outer-iterations 1 --inner-loops 11 --evaluation-steps 1 "),
            new Instead(
                    "--protocol gdumb --ipc 10 --seeds 0,1,2",
                    "--protocol gdumb --steps 2 --ipc 1 --methods dm,tile --step-time 1s"),
            new Instead("--training-steps 1000", "--training-steps 2"),
            new Instead("--recipe dm --repeats 1", "--recipe dm --width 8 --epochs 2 --repeats 1"),
            new Instead(
                    "--protocol idc --ipc 10 --network resnet-10 --epochs 200",
                    "--protocol idc --steps 2 --ipc 1 --methods dream --step-time 1s --network resnet-10 --epochs 1"),
            new Instead("bench step", "bench step --repeats 1 --width 8"),
            new Instead("bench ingest", "bench ingest --seconds 1 --shape 1,8,8"),
            new Instead("bench sample", "bench sample --seconds 1 --shape 1,8,8"),
            // Of what has no end of its own, curl says so.
            new Instead("curl -N --max-time 60", "fails 28 curl -N --max-time 1"),
            new Instead("curl -sSN --max-time 20", "fails 28 curl -sSN --max-time 1"),
            new Instead("curl -sSN --max-time 60", "fails 28 curl -sSN --max-time 1"),
            new Instead("grep -A1 'event: warning'", "grep retry"),
            // What is shown to fail.
            new Instead("REVERIE_HTTP_HOST=0.0.0.0 ./reverie", "fails 2 env REVERIE_HTTP_HOST=0.0.0.0 ./reverie"),
            new Instead("./reverie serve --store damaged-store", "fails 2 ./reverie serve --store damaged-store"),
            // A service of the system, by another who starts and stops it.
            new Instead("systemctl start reverie", "./reverie serve --store store"),
            new Instead("systemctl stop reverie", "./reverie end"),
            new Instead("systemctl kill --signal=KILL reverie", "kill -9 \"$(cat service.pid)\""),
            new Instead("/var/lib/reverie", "."),
            new Instead("/etc/reverie", "etc/reverie"),
            new Instead("/srv/", "./"),
            // Addresses that are free here.
            new Instead("8080", "{PORT}"),
            new Instead("5432", "{PGPORT}"),
            // A class that there is.
            new Instead("classes/LABEL", "classes/Bag"));

    /** What is not run in a rehearsal, word for word, and who looks after it. */
    static final List<Elsewhere> ELSEWHERE = List.of(
            new Elsewhere("is what runs this", "./reverie test"),
            new Elsewhere("asks the network; FetcherIT does", "./reverie fetch fashion-mnist"),
            new Elsewhere("asks the network; FetcherIT does", "./reverie fetch fashion-mnist --to fashion-mnist"),
            new Elsewhere(
                    "packs for minutes, and installs as root; ArchiveIT runs the archive",
                    "./reverie package",
                    "tar xzf deploy/target/dist/reverie-*-linux-x86_64.tar.gz -C /opt",
                    "tar xzf reverie-*-linux-x86_64.tar.gz -C /opt",
                    "ln -s /opt/reverie-*-linux-x86_64 /opt/reverie",
                    "ln -sfn /opt/reverie-NEW-linux-x86_64 /opt/reverie",
                    "/opt/reverie/bin/reverie serve --store /var/lib/reverie/store"),
            new Elsewhere(
                    "wants root and systemd; SystemdIT has systemd look at the unit",
                    "install -m 644 /opt/reverie/systemd/reverie.sysusers /usr/lib/sysusers.d/reverie.conf",
                    "systemd-sysusers",
                    "install -D -m 640 -g reverie /dev/null /etc/reverie/reverie.conf",
                    "install -m 644 /opt/reverie/systemd/reverie.service /etc/systemd/system/",
                    "systemctl enable --now reverie"),
            new Elsewhere(
                    "wants Docker; DockerfileTest and ComposeIT look at what it is given",
                    "docker build -f deploy/docker/Dockerfile -t reverie:0.1.0-SNAPSHOT .",
                    """
                    docker run --read-only --tmpfs /tmp:exec --cap-drop ALL --stop-timeout 30 -p 127.0.0.1:8080:8080 -v reverie:/var/lib/reverie \\
                        -v ./tokens:/run/secrets/tokens:ro -e REVERIE_HTTP_TOKENS_FILE=/run/secrets/tokens reverie:0.1.0-SNAPSHOT""",
                    "docker compose --project-directory deploy/compose up --build --wait"),
            new Elsewhere(
                    "wants a cluster; KubernetesManifestsTest reads the manifests as the API would",
                    "kubectl create namespace reverie",
                    "kubectl -n reverie create secret generic reverie-tokens --from-file=tokens",
                    "kubectl -n reverie apply -k deploy/kubernetes/base"),
            new Elsewhere(
                    "wants a Prometheus that goes on; DashboardsIT starts one",
                    "prometheus --config.file=monitoring/src/main/prometheus/prometheus.yml --storage.tsdb.path=/var/lib/prometheus",
                    "curl -sS http://localhost:9090/api/v1/targets | python3 -m json.tool | grep -e lastError -e scrapeUrl"),
            new Elsewhere(
                    "wants a broker and kcat; KafkaDoorIT sends and reads the same records",
                    "kcat -P -b localhost:9092 -t reverie-samples -H label=cat -H id=cat-1 cat.png",
                    "kcat -C -b localhost:9092 -t reverie-samples.dead-letters -o -10 -e -f '%h\\n'"),
            new Elsewhere(
                    "runs for two hours",
                    "docs/explanation/soak/soak.py --data fashion-mnist --minutes 120 --out docs/explanation/soak"),
            new Elsewhere(
                    "is how the page is written; the tests it names run in every build",
                    "mvn -pl deploy -am test -Dtest=ApiPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dreverie.api.write=true",
                    "mvn -pl deploy -am test -Dtest=CliPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dreverie.docs.write=true",
                    "mvn -pl deploy -am test -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dreverie.docs.write=true",
                    "mvn -pl deploy -am test -Dtest=MetricsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dreverie.metrics.write=true"));

    private static final List<String> SPEAKING_OF_A_SERVICE = List.of(
            "docs/runbooks/",
            "docs/guides/recover.md",
            "docs/guides/operate.md",
            "docs/explanation/held-out-accuracy.md");

    private static final List<String> FILLED = List.of(
            "./reverie serve --store store",
            "./reverie replay --dataset fashion-mnist --to http://localhost:8080 --limit 8");

    private Deviations() {}

    /**
     * A replacement.
     *
     * @param said part of a command
     * @param done in its place
     */
    record Instead(String said, String done) {}

    /** Commands that are not run. */
    record Elsewhere(String reason, List<String> commands) {

        Elsewhere(String reason, String... commands) {
            this(reason, List.of(commands));
        }
    }

    static boolean isElsewhere(String command) {
        return ELSEWHERE.stream().anyMatch(elsewhere -> elsewhere.commands().contains(command));
    }

    /** What is done where {@code said} is written. */
    static String done(String said) {
        String done = said;
        for (Instead instead : INSTEAD) {
            done = done.replace(instead.said(), instead.done());
        }
        return done;
    }

    /** What a page takes for granted: some speak of a service that runs, and has classes. */
    static List<String> given(Page page) {
        return SPEAKING_OF_A_SERVICE.stream().anyMatch(page.name()::startsWith) ? FILLED : List.of();
    }
}
