package dev.reverie.gpu.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs scripts in the machine's Python with NumPy. Without one, tests that need it are skipped, or fail if the
 * environment sets {@code REVERIE_TEST_PROGRAMS=required}, as continuous integration does.
 */
public final class Numpy {

    private static final List<String> CANDIDATES = List.of("python3", "/usr/bin/python3", "python");

    private final String python;
    private final PythonInterpreter interpreter;

    private Numpy(String python) {
        this.python = python;
        this.interpreter = PythonInterpreter.start(python);
    }

    /** Finds a Python with NumPy; the search runs once per JVM. */
    public static Numpy find() {
        return Found.NUMPY.orElseGet(Numpy::missing);
    }

    /** Finds a Python with NumPy and SciPy; otherwise the test is skipped, even in continuous integration. */
    public static Numpy withSciPy() {
        Numpy numpy = find();
        Assumptions.assumeTrue(
                output(List.of(numpy.python, "-c", "import scipy.io")).isPresent(), "Python has no SciPy");
        return numpy;
    }

    private static final class Found {
        private static final Optional<Numpy> NUMPY = search();
    }

    private static Numpy missing() {
        String reason = "none of " + CANDIDATES
                + " is a Python with NumPy: install one, for example the Debian package python3-numpy";
        if ("required".equals(System.getenv("REVERIE_TEST_PROGRAMS"))) {
            throw new AssertionError(reason);
        }
        return Assumptions.abort(reason);
    }

    private static Optional<Numpy> search() {
        return CANDIDATES.stream()
                .filter(candidate ->
                        output(List.of(candidate, "-c", "import numpy")).isPresent())
                .findFirst()
                .map(Numpy::new);
    }

    /**
     * Runs a script and returns its output; {@code numpy} is imported as {@code np}, the arguments are in
     * {@code sys.argv[1:]}. All scripts run in one process, because importing NumPy takes longer than most of them, but
     * none sees the variables of another.
     */
    public String run(String script, Object... arguments) {
        return interpreter.run(script, Stream.of(arguments).map(String::valueOf).toList());
    }

    private static Optional<String> output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(printed.strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }
}
