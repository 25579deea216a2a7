package dev.reverie.lab.continual;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.DataOptions;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.cli.TestImages;
import dev.reverie.deploy.run.FatalExit;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.run.SignalCancellation;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.lab.report.ResultFolder;
import dev.reverie.lab.run.TemporaryService;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "continual",
        sortOptions = false,
        header = "Compares memories in continual learning, where classes arrive in steps and their real images are"
                + " dropped.",
        description = {
            "Starts a service, sends it the images of some classes, lets it distil them, seals the classes, fetches"
                    + " the memory and continues with the next classes. After each step, trains networks on the memory"
                    + " and tests them on all classes so far. The other memories fill the same number of bytes with real"
                    + " images, which they select in the step in which the class arrives: as pictures that are coded"
                    + " like those of a learned memory, or as single JPEG files.",
            "",
            "The protocol sets the order of the classes and the training. fresh: the classes arrive in"
                    + " the order of the dataset, and new networks are trained with the recipe of IDC and DREAM."
                    + " gdumb (from DM): the seed determines the order, and new networks are trained with the"
                    + " recipe of DSA and DM. idc (from IDC and DREAM): the order is fixed, and the same network is"
                    + " trained further in each step. Its classifier grows with the classes, and a copy from the"
                    + " previous step teaches it the old classes. By default, gdumb and idc train for as many"
                    + " epochs as published. replay: the order is that of the dataset, and the same network is"
                    + " trained further in each step, on the arriving images, once, and as many of the memory"
                    + " (experience replay).",
            "",
            "Writes continual.csv, continual.json and continual.svg to --out after each evaluation, and the final"
                    + " memories as memory-METHOD-SEED.npz, or memory-METHOD-qQUALITY-SEED.npz. With several sizes,"
                    + " also writes bytes.csv and bytes.svg, the accuracy against the size. Ctrl-C keeps all results"
                    + " obtained so far and exits with 130."
        },
        footer = {
            "",
            "Examples:",
            "  reverie continual --dataset fashion-mnist --steps 5 --ipc 10 --out continual",
            "  reverie continual --dataset mnist --steps 5 --methods dream,herding --seeds 0,1,2 --out continual",
            "  reverie continual --dataset cifar100 --protocol idc --ipc 20 --network resnet-10 --out idc",
            "  reverie continual --dataset fashion-mnist --protocol gdumb --width 48 --epochs 300 --out gdumb",
            "  reverie continual --dataset fashion-mnist --protocol replay --methods dm,er-reservoir --total-images 100"
                    + " --out replay",
            "  reverie continual --dataset folder:flowers --steps 2 --ipc 5 --step-time 2m --out flowers-2",
            "  reverie continual --dataset imagenette --resize 64x64 --bytes-per-class 4096,16384,65536 --out curves"
        })
public final class ContinualCommand implements Callable<Integer> {

    private static final String OUT_OF_MEMORY = "set for example REVERIE_JAVA_OPTS=-Xmx4g, or keep fewer images.";

    @Mixin
    final DataOptions data = new DataOptions();

    @Option(
            names = "--protocol",
            paramLabel = "P",
            defaultValue = "fresh",
            description = "Order of the classes and training: fresh, gdumb, idc or replay (default: ${DEFAULT-VALUE}).")
    Protocol protocol = Protocol.FRESH;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "5",
            description = "Number of steps in which the classes arrive (default: ${DEFAULT-VALUE}).")
    int steps;

    @Mixin
    final MemorySizeOptions size = new MemorySizeOptions();

    @Option(
            names = "--methods",
            paramLabel = "M,M",
            split = ",",
            defaultValue = "dm,jpeg,reservoir,herding,tile",
            description = "Memories to compare (default: ${DEFAULT-VALUE}).")
    List<MemoryMethod> methods = List.of();

    @Option(
            names = {"--seeds", "--seed"},
            paramLabel = "S,S",
            split = ",",
            defaultValue = "0",
            description = "Seeds of all random choices; the experiment runs once per seed (default: ${DEFAULT-VALUE}).")
    List<Long> seeds = List.of();

    @Option(
            names = "--step-time",
            paramLabel = "T",
            defaultValue = "60s",
            description = "Maximum time for distilling the classes of a step (default: ${DEFAULT-VALUE}).")
    Duration stepTime = Duration.ofSeconds(60);

    @Mixin
    final StudentOptions students = new StudentOptions();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for the results.")
    Path out = Path.of("");

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    boolean json;

    private final CliContext context;
    private final TemporaryService.Factory services;

    public ContinualCommand(CliContext context, TemporaryService.Factory services) {
        this.context = context;
        this.services = services;
    }

    @Override
    public Integer call() throws IOException {
        size.check();
        students.check();
        Dataset dataset = data.load(context);
        TestImages.requireOfEachClass(dataset);
        OptionCheck.range("--steps", Optional.of(steps), 1, dataset.classes());
        List<ContinualPlan> plans = size.sizes(dataset, steps).stream()
                .map(each -> plan(dataset, each))
                .toList();
        ResultFolder folder = new ResultFolder(out);
        folder.create(List.of(ContinualReport.TABLE, BytesReport.TABLE));
        if (plans.size() == 1) {
            return run(plans.getFirst(), folder).complete() ? ExitCode.DONE : ExitCode.INTERRUPTED;
        }
        List<ContinualResult> results = new ArrayList<>();
        for (ContinualPlan plan : plans) {
            ResultFolder own = new ResultFolder(
                    folder.file(Long.toString(plan.size().coding().maxBytes().orElseThrow())));
            own.create(List.of(ContinualReport.TABLE));
            results.add(run(plan, own));
            BytesReport.write(results, folder);
            if (!results.getLast().complete()) {
                return ExitCode.INTERRUPTED;
            }
        }
        return ExitCode.DONE;
    }

    private ContinualPlan plan(Dataset dataset, MemorySize each) {
        OptionCheck.distinct(
                "--methods", methods.stream().map(MemoryMethod::label).toList());
        try {
            return new ContinualPlan(
                    protocol,
                    dataset,
                    steps,
                    each,
                    methods,
                    OptionCheck.distinct("--seeds", seeds),
                    stepTime,
                    students.of(protocol, dataset));
        } catch (IllegalArgumentException e) {
            throw new InputException("--protocol " + protocol.label() + ": " + e.getMessage());
        }
    }

    private ContinualResult run(ContinualPlan plan, ResultFolder folder) throws IOException {
        try (SignalCancellation cancellation = new SignalCancellation(
                        "Stopping. All results so far are kept. Press Ctrl-C again to exit at once.",
                        context.terminal()::note);
                FatalExit _ = FatalExit.explain(OUT_OF_MEMORY, context.terminal()::note)) {
            ContinualResult result = new ContinualExperiment(
                            plan, context.engines(), services, folder, context.progress(json), cancellation)
                    .run();
            tell(result, folder);
            return result;
        }
    }

    private void tell(ContinualResult result, ResultFolder folder) {
        PrintWriter to = context.terminal().out();
        if (json) {
            to.println(JsonOutput.line(result));
        } else if (!result.seedResults().isEmpty()) {
            ContinualReport.lines(result.methods()).forEach(to::println);
            to.println();
            ContinualReport.protocolLines(result).forEach(to::println);
            to.println();
            to.println("Look at " + folder.file(ContinualReport.CHART).toAbsolutePath());
        }
    }
}
