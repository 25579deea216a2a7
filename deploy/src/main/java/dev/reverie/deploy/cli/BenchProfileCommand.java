package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.bench.LoopBench;
import dev.reverie.deploy.experiments.bench.LoopProfile;
import dev.reverie.deploy.experiments.bench.LoopTimer;
import dev.reverie.deploy.experiments.bench.ProfileTable;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.tensor.Kernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says where the time of an inner loop goes. */
@Command(
        name = "profile",
        sortOptions = false,
        header = "Says where the time of a whole inner loop goes.",
        description = "The loop is that of bench loop. Each kernel is timed where it is called, and compared with what"
                + " this machine does at best; Java code outside the kernels is sampled.",
        footer = {"", "Example:", "  reverie bench profile --markdown"})
final class BenchProfileCommand extends BenchTask {

    @Mixin
    final LoopOptions loop = new LoopOptions();

    @Option(names = "--markdown", description = "Print the table as Markdown.")
    boolean markdown;

    BenchProfileCommand(CliContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        LoopBench what = loop.of(bench);
        Kernels kernels = context.kernels().get();
        LoopProfile profile;
        try (ProgressView view = context.progress(bench.json).begin("Profiling")) {
            profile = new LoopTimer(BenchOptions.NANOS, context.clock())
                    .profile(what, kernels, bench.repeatsOr(1), done -> view.show(done, what.title()));
        }
        ProfileTable table = new ProfileTable(profile);
        bench.print(profile, () -> String.join("\n", markdown ? table.markdown() : table.text()), context);
        return ExitCode.DONE;
    }
}
