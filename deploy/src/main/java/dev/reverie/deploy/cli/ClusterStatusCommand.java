package dev.reverie.deploy.cli;

import dev.reverie.client.ClusterStatus;
import dev.reverie.client.ClusterStatus.Member;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ServiceStatus;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.text.Plural;
import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.service.RecentRefusals;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        sortOptions = false,
        header = "Lists the nodes of a service, and how many classes live on each.",
        description = "Asks one node, which answers as it sees the others; another one may see them differently for a"
                + " few seconds. Below the nodes, it tells what it has refused in the last hour. A shard is a share of the classes, and moves from node to node as a whole. A service"
                + " with tokens requires one with the role read.",
        footer = {
            "",
            "Examples:",
            "  reverie cluster status --to http://localhost:8080",
            "  reverie cluster status --to node-0:8080 --token-file token --json"
        })
final class ClusterStatusCommand implements Callable<Integer> {

    @Option(
            names = "--to",
            paramLabel = "URL",
            required = true,
            description = "Address of any node; http:// may be omitted.")
    URI service = URI.create("");

    @Option(names = "--json", description = "Print the answer as one JSON object on stdout.")
    boolean json;

    @ArgGroup
    TokenOption token = new TokenOption();

    private final CliContext context;

    ClusterStatusCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        ClusterStatus status;
        List<ServiceStatus.Refusals> refused;
        try (ReverieClient client = token.clientOf(service)) {
            status = client.cluster();
            refused = client.status().refused();
        }
        if (status.members().stream().allMatch(member -> member.address().isEmpty())) {
            throw new InputException("the service at " + service
                    + " is a single process and no node of a cluster: name a node, or see reverie.cluster.enabled");
        }
        if (json) {
            context.terminal().out().println(JsonOutput.line(status));
        } else {
            lines(status).forEach(context.terminal().out()::println);
            refused.forEach(group -> context.terminal().out().println(line(group)));
        }
        return ExitCode.DONE;
    }

    static List<String> lines(ClusterStatus status) {
        int width = status.members().stream()
                .mapToInt(member -> shown(member).length())
                .reduce("node".length(), Math::max);
        String format = "%-" + width + "s  %-9s  %7s  %6s  %s";
        List<String> lines = new ArrayList<>();
        lines.add(format.formatted("node", "state", "classes", "shards", "").stripTrailing());
        status.members().forEach(member -> lines.add(line(format, member, status)));
        lines.add(Plural.of(status.members().size(), "node")
                + (status.unreachable().isEmpty()
                        ? ""
                        : ", " + status.unreachable().size() + " of them unreachable"));
        return lines;
    }

    /** Tells of refusals by the node that answers. The texts are those of senders, who could control the terminal. */
    static String line(ServiceStatus.Refusals group) {
        String example = group.origin().map(origin -> origin + ": ").orElse("") + group.detail();
        if (group.reason().equals(RecentRefusals.PASSED_OVER)) {
            return Plural.of(group.samples(), "file") + " of the watched folder passed over: "
                    + SafeExcerpt.line(example);
        }
        return Plural.of(group.samples(), "sample") + " refused in the last hour (" + group.source() + ", "
                + group.reason() + "), the last one " + SafeExcerpt.line(example);
    }

    /** The address, which could control the terminal. */
    private static String shown(Member member) {
        return SafeExcerpt.line(member.address().orElse(""));
    }

    private static String line(String format, Member member, ClusterStatus status) {
        String address = member.address().orElse("");
        boolean unreachable = status.unreachable().contains(address);
        boolean known = member.classes().isPresent();
        return format.formatted(
                        shown(member),
                        SafeExcerpt.line(member.state()),
                        known
                                ? String.format(
                                        Locale.ROOT, "%,d", member.classes().getAsInt())
                                : "?",
                        known ? status.shards().getOrDefault(address, 0) : "?",
                        unreachable ? "unreachable" : member.leader() ? "leader" : "")
                .stripTrailing();
    }
}
