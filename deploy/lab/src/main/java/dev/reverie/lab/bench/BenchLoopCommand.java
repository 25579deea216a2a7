package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.tensor.Kernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Times whole inner loops. */
@Command(
        name = "loop",
        sortOptions = false,
        header = "Times a whole inner loop over ten classes with the published settings.",
        description = "An inner loop consists of a class step of every class, the training of the network, and a"
                + " share of a choice of representatives. The benchmark runs it with the same actors and"
                + " streams as a distillation. Each repeat runs the number of loops given by --interval and"
                + " reports their mean. The images are those of Fashion-MNIST if the dataset has been fetched"
                + " and --shape fits; otherwise, they are random.",
        footer = {"", "Example:", "  reverie bench loop --repeats 2 --json"})
final class BenchLoopCommand extends BenchTask {

    @Mixin
    final BenchLoopOptions loop = new BenchLoopOptions();

    BenchLoopCommand(CliContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        LoopBench what = loop.of(bench);
        Kernels kernels = context.kernels().get();
        BenchReport report;
        try (BenchExit _ = BenchExit.open(context);
                ProgressView view = context.progress(bench.json).begin("Timing")) {
            report = new LoopTimer(BenchOptions.NANOS, context.steadyClock())
                    .time(what, kernels, bench.repeatsOr(1), done -> view.show(done, what.title()));
        }
        bench.print(report, report::table, context);
        return ExitCode.DONE;
    }
}
