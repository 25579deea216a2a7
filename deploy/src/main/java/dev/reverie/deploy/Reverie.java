package dev.reverie.deploy;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.cli.CliContext;
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
        Locale.setDefault(Locale.ROOT); // its words are English, and so are its numbers
        InstantSource clock = InstantSource.system();
        EngineFactory engines = new DeviceEngines(new KernelClock(System::nanoTime));
        CliContext surroundings =
                new CliContext(Terminal.system(), engines, Device::kernels, clock, TemporaryService.on(engines, clock));
        System.exit(ReverieCommandLine.create(surroundings).execute(arguments));
    }
}
