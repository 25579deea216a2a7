package dev.reverie.deploy.history.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The Java agent that weaves failpoints, and at most one mutant or build, into the classes of this process. */
public final class FaultAgent {

    private FaultAgent() {}

    /**
     * Called by the JVM before the main method.
     *
     * @param arguments separated by commas: {@code mutant=NAME}, {@code build=NAME}, {@code arm=COMMAND}
     */
    public static void premain(String arguments, Instrumentation instrumentation) {
        List<Weaving> weavings = new ArrayList<>(Weaver.failpoints());
        weavings.addAll(FrequentSnapshots.weavings());
        argument(arguments, "mutant=").map(Mutant::valueOf).ifPresent(mutant -> weavings.addAll(mutant.weavings()));
        argument(arguments, "build=").map(Build::valueOf).ifPresent(build -> weavings.addAll(build.weavings()));
        instrumentation.addTransformer(new Weaver(weavings));
        FaultControl.start(argument(arguments, "arm="));
    }

    private static Optional<String> argument(String arguments, String prefix) {
        return Stream.of(arguments.split(",", -1))
                .filter(each -> each.startsWith(prefix))
                .map(each -> each.substring(prefix.length()))
                .findFirst();
    }

    /** Writes the archive of the agent, which has only a manifest: the class path of the process has the classes. */
    public static Path writeTo(Path folder) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", FaultAgent.class.getName());
        Path jar = folder.resolve("fault-agent.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream archive = new JarOutputStream(out, manifest)) {
            archive.finish();
        }
        return jar;
    }
}
