package dev.reverie.deploy;

import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.ReverieCommandLine;
import java.util.List;
import java.util.Locale;

/**
 * Runs commands that load most of the classes that other commands need: a service with a client, and a distillation.
 * The build archives these classes (class-data sharing), and Java starts faster with the archive.
 */
final class StartupArchiveRun {

    private static final List<String> COMMANDS = List.of(
            "bench ingest --seconds 1 --shape 1,8,8",
            "bench loop --shape 1,8,8 --width 8 --images 40 --real 8 --samples 32 --interval 1 --repeats 1");

    private StartupArchiveRun() {}

    /** Runs the commands and exits with the exit code of the first one that fails. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        VectorModule.load();
        System.exit(COMMANDS.stream()
                .mapToInt(
                        command -> ReverieCommandLine.create(Reverie.context()).execute(command.split(" ", -1)))
                .filter(code -> code != ExitCode.DONE)
                .findFirst()
                .orElse(ExitCode.DONE));
    }
}
