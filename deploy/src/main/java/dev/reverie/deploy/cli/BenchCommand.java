package dev.reverie.deploy.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Groups the benchmarks. */
@Command(
        name = "bench",
        header = "Measures how fast this machine is.",
        synopsisSubcommandLabel = "BENCHMARK",
        footer = {"", "Example:", "  reverie bench step --shape 1,28,28 --width 128 --json"})
final class BenchCommand {

    @Mixin
    final CommonOptions common = new CommonOptions();
}
