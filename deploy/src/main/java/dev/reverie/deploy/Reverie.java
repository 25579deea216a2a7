package dev.reverie.deploy;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.ReverieCommandLine;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.deploy.serve.TemporaryService;
import dev.reverie.gpu.profile.KernelClock;
import dev.reverie.gpu.tensor.Device;
import java.time.InstantSource;
import java.util.Locale;

/** Entry point of the {@code reverie} command. */
public final class Reverie {

    private Reverie() {}

    /** Runs the command that {@code arguments} name and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        try {
            VectorModule.load();
        } catch (IllegalStateException e) {
            System.err.println("reverie: " + e.getMessage());
            System.exit(ExitCode.FAILED);
        }
        Locale.setDefault(Locale.ROOT); // messages are English, and so are their numbers
        InstantSource clock = InstantSource.system();
        EngineFactory engines = new DeviceEngines(new KernelClock(System::nanoTime));
        CliContext context = new CliContext(
                Terminal.system(),
                System.getenv(),
                engines,
                Device::kernels,
                clock,
                TemporaryService.on(engines, clock));
        System.exit(ReverieCommandLine.create(context).execute(arguments));
    }
}
