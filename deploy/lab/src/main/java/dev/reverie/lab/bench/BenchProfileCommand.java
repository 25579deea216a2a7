package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.tensor.Kernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Profiles an inner loop. */
@Command(
        name = "profile",
        sortOptions = false,
        header = "Shows where a whole inner loop spends its time.",
        description = "Profiles the same loop as bench loop. Times each call of a kernel and compares the times with"
                + " the best possible times on this machine. On Linux, also samples the Java code outside the kernels; on"
                + " other systems, the time of that code counts as waiting.",
        footer = {"", "Example:", "  reverie bench profile --markdown"})
final class BenchProfileCommand extends BenchTask {

    @Mixin
    final BenchLoopOptions loop = new BenchLoopOptions();

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
        try (BenchExit _ = BenchExit.open(context);
                ProgressView view = context.progress(bench.json).begin("Profiling")) {
            profile = new LoopTimer(BenchOptions.NANOS, context.steadyClock())
                    .profile(what, kernels, bench.repeatsOr(1), done -> view.show(done, what.title()));
        }
        ProfileTable table = new ProfileTable(profile);
        bench.print(profile, () -> String.join("\n", markdown ? table.markdown() : table.text()), context);
        return ExitCode.DONE;
    }
}
