package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.SoftwareVersions;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The {@code reverie} command, which contains all other commands. */
@Command(
        name = "reverie",
        header = "Distils live image streams and datasets into tiny synthetic memories.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = RootCommand.Version.class,
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
            "Exit codes: 0 success, 1 failure, 2 wrong usage or input, 130 interrupted (after saving)."
        })
final class RootCommand extends CommandGroup {

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    boolean version;

    /** Provides the text of {@code --version}. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            SoftwareVersions versions = SoftwareVersions.current();
            return new String[] {"reverie " + versions.reverie() + " (Java " + versions.java() + ")"};
        }
    }
}
