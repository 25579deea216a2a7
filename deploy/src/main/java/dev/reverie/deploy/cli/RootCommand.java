package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.Provenance;
import dev.reverie.deploy.run.Provenance.SoftwareVersions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code reverie} command, which contains all other commands. */
@Command(
        name = "reverie",
        header = "Distils live image streams and datasets into tiny synthetic memories.",
        synopsisSubcommandLabel = "COMMAND",
        description = "Help for a command: reverie COMMAND --help",
        footer = {
            "",
            "Examples:",
            "  reverie demo",
            "  reverie serve",
            "  reverie fetch fashion-mnist",
            "  reverie distill --dataset fashion-mnist --ipc 10 --time-limit 5m --out run",
            "  reverie evaluate run/synthetic.npz --dataset fashion-mnist",
            "",
            "Exit codes: 0 success, 1 failure, 2 wrong usage or input,"
                    + " 130 interrupted (results saved, unless interrupted twice)."
        })
final class RootCommand extends CommandGroup {

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit. With --verbose, also show the commit and the libraries.")
    boolean version;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = ReverieCommandLine.VERBOSE,
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of a failure.")
    boolean verbose;

    String[] versionLines() {
        SoftwareVersions versions = SoftwareVersions.current();
        List<String> lines = new ArrayList<>();
        lines.add("reverie " + versions.reverie() + " (Java " + versions.java() + ")");
        if (commandLine().getParseResult().hasMatchedOption(ReverieCommandLine.VERBOSE)) {
            lines.addAll(Provenance.current().describe());
        }
        return lines.toArray(String[]::new);
    }
}
