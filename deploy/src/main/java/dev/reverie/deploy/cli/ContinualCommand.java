package dev.reverie.deploy.cli;

import dev.reverie.deploy.continual.Contender;
import dev.reverie.deploy.continual.ContinualExperiment;
import dev.reverie.deploy.continual.ContinualFolder;
import dev.reverie.deploy.continual.ContinualPlan;
import dev.reverie.deploy.continual.ContinualResult;
import dev.reverie.deploy.continual.ContinualTable;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.Json;
import dev.reverie.deploy.run.UntilInterrupted;
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
                    + " memory, and goes on with the next classes. After each step a fresh network is trained on"
                    + " nothing but the memory and tested on all classes seen so far. The other memories store equally"
                    + " many images per class, selected in the step in which the class is there.",
            "",
            "Writes continual.csv, continual.json and continual.svg into --out, anew whenever a memory is judged."
                    + " Ctrl-C keeps what is judged by then and exits with 130."
        },
        footer = {
            "",
            "Examples:",
            "  reverie continual --dataset fashion-mnist --steps 5 --ipc 10 --out continual",
            "  reverie continual --dataset mnist --steps 5 --methods dream,herding --seeds 0,1,2 --out continual",
            "  reverie continual --dataset folder:flowers --steps 2 --ipc 5 --step-time 2m --out flowers-2"
        })
final class ContinualCommand implements Callable<Integer> {

    @Mixin
    final DataOptions data = new DataOptions();

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "5",
            description = "In which the classes arrive, in the order of the dataset (default: ${DEFAULT-VALUE}).")
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
            defaultValue = "dream,reservoir,herding,k-center,tile",
            description = "Memories to compare (default: ${DEFAULT-VALUE}).")
    List<Contender> contenders = List.of();

    @Option(
            names = {"--seeds", "--seed"},
            paramLabel = "S,S",
            split = ",",
            defaultValue = "0",
            description = "Of every random choice; everything is done once for each (default: ${DEFAULT-VALUE}).")
    List<Long> seeds = List.of();

    @Option(
            names = "--step-time",
            paramLabel = "T",
            defaultValue = "60s",
            description = "For the service to learn the classes of a step, at most (default: ${DEFAULT-VALUE}).")
    Duration stepTime = Duration.ofSeconds(60);

    @Option(
            names = "--width",
            paramLabel = "W",
            defaultValue = "48",
            description = "Channels of the networks that are trained on the memories (default: ${DEFAULT-VALUE}).")
    int width;

    @Option(
            names = "--training-steps",
            paramLabel = "N",
            defaultValue = "2100",
            description = "Gradient steps of each of them (default: ${DEFAULT-VALUE}).")
    int trainingSteps;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for the results.")
    Path out = Path.of("");

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    boolean json;

    @Mixin
    final CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    ContinualCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        Range.check("--ipc", Optional.of(ipc), 1, 1000);
        Range.check("--width", Optional.of(width), 1, 4096);
        Range.check("--training-steps", Optional.of(trainingSteps), 1, 1_000_000);
        Dataset dataset = data.load();
        Range.check("--steps", Optional.of(steps), 1, dataset.classes());
        ClassSizes.require(dataset, ipc, Presets.defaultFactor(Method.DREAM));
        ContinualPlan plan = new ContinualPlan(
                ContinualPlan.deal(dataset.classes(), steps),
                ipc,
                once("--methods", contenders),
                once("--seeds", seeds),
                stepTime,
                width,
                trainingSteps);
        ContinualFolder folder = new ContinualFolder(out);
        folder.create();
        ContinualResult result = run(plan, dataset, folder);
        tell(result, folder);
        return result.complete() ? ExitCode.DONE : ExitCode.INTERRUPTED;
    }

    private static <T> List<T> once(String option, List<T> values) {
        if (values.stream().distinct().count() < values.size()) {
            throw new InputException(option + " names something twice");
        }
        return values;
    }

    private ContinualResult run(ContinualPlan plan, Dataset dataset, ContinualFolder folder) throws IOException {
        PrintWriter err = surroundings.terminal().err();
        try (UntilInterrupted patience = UntilInterrupted.listen(
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
            to.println(Json.line(result));
        } else if (!result.courses().isEmpty()) {
            ContinualTable.lines(result.methods()).forEach(to::println);
            to.println();
            to.println("Look at " + folder.plot().toAbsolutePath());
        }
    }
}
