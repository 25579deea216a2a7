package dev.reverie.deploy.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Groups the benchmarks. */
@Command(
        name = "bench",
        header = "Measures how fast this machine is.",
        description = "Each benchmark prints its time, what this machine could do at best, and the share it reached.",
        synopsisSubcommandLabel = "BENCHMARK",
        footer = {"", "Example:", "  reverie bench step --shape 1,28,28 --width 128 --json"})
final class BenchCommand {

    @Mixin
    final CommonOptions common = new CommonOptions();

    static CommandLine with(CliContext surroundings) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new BenchStepCommand(surroundings))
                .addSubcommand(new BenchTrainCommand(surroundings))
                .addSubcommand(new BenchEmbedCommand(surroundings))
                .addSubcommand(new BenchClusterCommand(surroundings))
                .addSubcommand(new BenchLoopCommand(surroundings))
                .addSubcommand(new BenchProfileCommand(surroundings))
                .addSubcommand(new BenchTelemetryCommand(surroundings))
                .addSubcommand(new BenchIngestCommand(surroundings))
                .addSubcommand(new BenchSampleCommand(surroundings));
    }
}
