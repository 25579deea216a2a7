package dev.reverie.deploy;

import dev.reverie.deploy.cli.ReverieCommandLine;
import dev.reverie.deploy.cli.Surroundings;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.deploy.serve.TrialService;
import dev.reverie.gpu.method.MatchingEngine;
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
        Surroundings surroundings = new Surroundings(
                Terminal.system(),
                MatchingEngine::open,
                Device::kernels,
                clock,
                TrialService.on(MatchingEngine::open, clock));
        System.exit(ReverieCommandLine.create(surroundings).execute(arguments));
    }
}
