package dev.reverie.deploy.cli;

import dev.reverie.deploy.doctor.Diagnosis;
import dev.reverie.deploy.doctor.DiagnosisText;
import dev.reverie.deploy.doctor.Doctor;
import dev.reverie.deploy.run.JsonOutput;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        sortOptions = false,
        header = "Says which engines work on this machine, and how to get the others.",
        description = "Loads every engine that the application contains, computes a matrix product and a small class"
                + " step on each, and compares the results with each other and with double precision. Exits with 0 if"
                + " the engine that a start uses works, and with 2 if it does not.",
        footer = {"", "Examples:", "  reverie doctor", "  reverie doctor --json"})
final class DoctorCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Print the findings as one JSON object on stdout.")
    boolean json;

    private final CliContext context;

    DoctorCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Diagnosis diagnosis =
                Doctor.ofThisMachine(context.environment(), context.nanos()).examine();
        List<String> lines = json ? List.of(JsonOutput.line(diagnosis)) : DiagnosisText.lines(diagnosis);
        lines.forEach(context.terminal().out()::println);
        return diagnosis.works() ? ExitCode.DONE : ExitCode.WRONG_INPUT;
    }
}
