package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.CommandGroup;
import dev.reverie.lab.run.TemporaryService;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
        name = "bench",
        header = "Measures how fast this machine is.",
        description = "The benchmarks step, train, embed, cluster and loop also measure how fast this machine computes"
                + " plain convolutions and matrix products, and print the percentage of this speed that they reach.",
        synopsisSubcommandLabel = "BENCHMARK",
        footer = {"", "Example:", "  reverie bench step --shape 1,28,28 --width 128 --json"})
public final class BenchCommand extends CommandGroup {

    public static CommandLine with(CliContext context, TemporaryService.Factory services) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new ComputeCommands.Step(context))
                .addSubcommand(new ComputeCommands.Train(context))
                .addSubcommand(new ComputeCommands.Embed(context))
                .addSubcommand(new ComputeCommands.Cluster(context))
                .addSubcommand(new LoopCommands.Loop(context))
                .addSubcommand(new LoopCommands.Profile(context))
                .addSubcommand(new LoopCommands.Telemetry(context))
                .addSubcommand(new ServiceCommands.Ingest(context, services))
                .addSubcommand(new ServiceCommands.Sample(context, services));
    }
}
