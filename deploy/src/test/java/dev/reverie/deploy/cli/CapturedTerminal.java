package dev.reverie.deploy.cli;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.experiments.continual.ServiceUnderTest;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.gpu.tensor.Kernels;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/** A command line whose output is captured. */
final class CapturedTerminal {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Supplier<Kernels> kernels;
    private Map<String, String> environment = Map.of();
    private Set<String> properties = Set.of();
    private EngineFactory engines = (_, _, _) -> {
        throw unwanted();
    };
    private ServiceUnderTest.Factory services = (_, _, _) -> {
        throw unwanted();
    };

    /** Creates a command line without a device; commands that request one fail. */
    CapturedTerminal() {
        this(() -> {
            throw unwanted();
        });
    }

    private CapturedTerminal(Supplier<Kernels> kernels) {
        this.kernels = kernels;
    }

    /** Creates a command line for commands that use only the kernels of a device. */
    static CapturedTerminal with(Supplier<Kernels> kernels) {
        return new CapturedTerminal(kernels);
    }

    /** Creates a command line for commands that compute with these engines, and start no service. */
    static CapturedTerminal with(EngineFactory engines) {
        return with(engines, (_, _, _) -> {
            throw unwanted();
        });
    }

    /** Creates a command line for commands that compute or start services. */
    static CapturedTerminal with(EngineFactory engines, ServiceUnderTest.Factory services) {
        CapturedTerminal terminal = new CapturedTerminal();
        terminal.engines = engines;
        terminal.services = services;
        return terminal;
    }

    /** Runs commands with these environment variables. */
    CapturedTerminal withEnvironment(Map<String, String> variables) {
        environment = variables;
        return this;
    }

    /** Runs commands with system properties of these names. */
    CapturedTerminal withProperties(String... names) {
        properties = Set.of(names);
        return this;
    }

    private static AssertionError unwanted() {
        return new AssertionError("no work should have begun");
    }

    int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    CommandLine commandLine() {
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, false, 80);
        CliContext context = new CliContext(
                terminal,
                environment,
                properties,
                engines,
                kernels,
                InstantSource.system(),
                System::nanoTime,
                services);
        return ReverieCommandLine.create(context);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
