package dev.reverie.deploy;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.ReverieCommandLine;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.deploy.run.InterruptSignal;
import dev.reverie.deploy.serve.ServiceLog;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.KernelTimer;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Entry point of the {@code reverie} command. */
public final class Reverie {

    private Reverie() {}

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // messages are in English, so numbers are formatted as in English
        if (startsService(List.of(arguments))) {
            InterruptSignal.onHangup(() -> {}); // which would end the process
            new ServiceLog().say("starting: reading the configuration");
        }
        try {
            VectorModule.load();
        } catch (IllegalStateException e) {
            System.err.println("reverie: " + e.getMessage());
            System.exit(ExitCode.FAILED);
        }
        StandardOutput output = StandardOutput.install();
        int code = ReverieCommandLine.create(context()).execute(arguments);
        System.exit(code == ExitCode.DONE ? afterOutput(output) : code);
    }

    private static int afterOutput(StandardOutput output) {
        return output.failure()
                .map(failure -> {
                    System.err.println("reverie: the output could not be written to stdout (" + failure.getMessage()
                            + "): free some disk space, or redirect it to another file.");
                    return ExitCode.FAILED;
                })
                .orElse(ExitCode.DONE);
    }

    /** What the commands use of the terminal and the machine. */
    static CliContext context() {
        return new CliContext(
                Terminal.system(),
                System.getenv(),
                System.getProperties().stringPropertyNames(),
                new DeviceEngines(new KernelTimer(System::nanoTime)),
                Device::kernels,
                InstantSource.system(),
                System::nanoTime);
    }

    /**
     * Recognises {@code serve} before the command line is parsed, so that the first log line appears at once:
     * assembling all commands takes a second on a slow machine.
     */
    private static boolean startsService(List<String> arguments) {
        return arguments.indexOf("serve") == 0 && Collections.disjoint(arguments, List.of("--check", "--help", "-h"));
    }
}
