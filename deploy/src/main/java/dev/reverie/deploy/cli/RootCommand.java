package dev.reverie.deploy.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command itself: without a subcommand it has nothing to do. */
@Command(
        name = "reverie",
        header = "Distils image datasets into tiny synthetic memories.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = VersionProvider.class,
        description = "Each command explains itself: reverie COMMAND --help",
        footer = {
            "",
            "Examples:",
            "  reverie demo",
            "  reverie fetch fashion-mnist",
            "  reverie distill --dataset fashion-mnist --ipc 10 --time-limit 5m --out run",
            "  reverie evaluate run/synthetic.npz --dataset fashion-mnist",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or input, 130 interrupted (after saving)."
        })
final class RootCommand extends CommandGroup {

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    boolean version;
}
