package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.continual.ContinualExperiment;
import dev.reverie.deploy.experiments.continual.ContinualFolder;
import dev.reverie.deploy.experiments.continual.ContinualPlan;
import dev.reverie.deploy.experiments.continual.ContinualResult;
import dev.reverie.deploy.experiments.continual.ContinualTable;
import dev.reverie.deploy.experiments.continual.MemoryMethod;
import dev.reverie.deploy.experiments.continual.Protocol;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.run.SignalCancellation;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The class-incremental experiment. */
@Command(
        name = "continual",
        sortOptions = false,
        header = "Compares memories while classes come in steps and their real images go.",
        description = {
            "Starts a service, sends it the images of some classes, lets it learn, seals the classes, fetches its"
                    + " memory, and goes on with the next classes. After each step networks are trained on nothing but"
                    + " the memory and tested on all classes seen so far. The other memories store equally many images"
                    + " per class, selected in the step in which the class is there.",
            "",
            "The protocol says in which order classes come and how networks learn. With fresh, each is a new one,"
                    + " trained by the recipe by which IDC and DREAM judge a set, and classes come in the order of the"
                    + " dataset. With gdumb, DM's, the seed draws the order, and new networks are trained by the recipe"
                    + " of DSA and DM. With idc, which DREAM follows, the order is fixed, and one network is carried"
                    + " from step to step: its classifier grows, and what it was before teaches it the old classes."
                    + " The last two take as long as published, if you do not shorten them.",
            "",
            "Writes continual.csv, continual.json and continual.svg into --out, anew whenever a memory is judged, and"
                    + " what each remembers in the end as memory-METHOD-SEED.npz. Ctrl-C keeps what is judged by then"
                    + " and exits with 130."
        },
        footer = {
            "",
            "Examples:",
            "  reverie continual --dataset fashion-mnist --steps 5 --ipc 10 --out continual",
            "  reverie continual --dataset mnist --steps 5 --methods dream,herding --seeds 0,1,2 --out continual",
            "  reverie continual --dataset cifar100 --protocol idc --ipc 20 --network resnet-10 --out idc",
            "  reverie continual --dataset fashion-mnist --protocol gdumb --width 48 --epochs 300 --out gdumb",
            "  reverie continual --dataset folder:flowers --steps 2 --ipc 5 --step-time 2m --out flowers-2"
        })
final class ContinualCommand implements Callable<Integer> {

    @Mixin
    final DataOptions data = new DataOptions();

    @Option(
            names = "--protocol",
            paramLabel = "P",
            defaultValue = "fresh",
            description = "fresh, gdumb or idc: order of the classes, and how networks learn (default:"
                    + " ${DEFAULT-VALUE}).")
    Protocol protocol = Protocol.FRESH;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "5",
            description = "In which the classes arrive (default: ${DEFAULT-VALUE}).")
    int steps;

    @Option(
            names = "--ipc",
            paramLabel = "N",
            defaultValue = "10",
            description = "Images stored per class, in every memory (default: ${DEFAULT-VALUE}).")
    int ipc;

    @Option(
            names = "--methods",
            paramLabel = "M,M",
            split = ",",
            defaultValue = "dm,reservoir,herding,k-center,tile",
            description = "Memories to compare (default: ${DEFAULT-VALUE}).")
    List<MemoryMethod> contenders = List.of();

    @Mixin
    final SeedOptions seeds = new SeedOptions();

    @Option(
            names = "--step-time",
            paramLabel = "T",
            defaultValue = "60s",
            description = "For the service to learn the classes of a step, at most (default: ${DEFAULT-VALUE}).")
    Duration stepTime = Duration.ofSeconds(60);

    @Mixin
    final StudentOptions students = new StudentOptions();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for the results.")
    Path out = Path.of("");

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    boolean json;

    @Mixin
    final CommonOptions common = new CommonOptions();

    private final CliContext surroundings;

    ContinualCommand(CliContext surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        RangeCheck.check("--ipc", Optional.of(ipc), 1, 1000);
        students.check();
        Dataset dataset = data.load();
        RangeCheck.check("--steps", Optional.of(steps), 1, dataset.classes());
        DatasetSizeCheck.require(dataset, ipc, Presets.defaultFactor(Method.DREAM));
        ContinualPlan plan = plan(dataset);
        ContinualFolder folder = new ContinualFolder(out);
        folder.create();
        ContinualResult result = run(plan, dataset, folder);
        tell(result, folder);
        return result.complete() ? ExitCode.DONE : ExitCode.INTERRUPTED;
    }

    private ContinualPlan plan(Dataset dataset) {
        try {
            return new ContinualPlan(
                    protocol,
                    dataset.classes(),
                    steps,
                    ipc,
                    DuplicateCheck.check("--methods", contenders),
                    seeds.distinct(),
                    stepTime,
                    students.of(protocol, dataset));
        } catch (IllegalArgumentException e) {
            throw new InputException("--protocol " + protocol.label() + ": " + e.getMessage());
        }
    }

    private ContinualResult run(ContinualPlan plan, Dataset dataset, ContinualFolder folder) throws IOException {
        PrintWriter err = surroundings.terminal().err();
        try (SignalCancellation patience = SignalCancellation.listen(
                "Stopping; what is judged by now is kept. Press Ctrl-C again to end at once.", err::println)) {
            return new ContinualExperiment(
                            plan,
                            dataset,
                            surroundings.engines(),
                            surroundings.services(),
                            folder,
                            surroundings.progress(json),
                            patience)
                    .run();
        }
    }

    private void tell(ContinualResult result, ContinualFolder folder) {
        PrintWriter to = surroundings.terminal().out();
        if (json) {
            to.println(JsonOutput.line(result));
        } else if (!result.seedResults().isEmpty()) {
            ContinualTable.lines(result.methods()).forEach(to::println);
            to.println();
            ContinualTable.protocolLines(result).forEach(to::println);
            to.println();
            to.println("Look at " + folder.chart().toAbsolutePath());
        }
    }
}
