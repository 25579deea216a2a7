package dev.reverie.gpu.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs scripts in the machine's Python with NumPy, and with SciPy if requested. Without one, tests that need it are
 * skipped, or fail if the environment sets {@code REVERIE_TEST_PROGRAMS=required}, as continuous integration does.
 */
public final class Numpy {

    private static final List<String> CANDIDATES = List.of("python3", "/usr/bin/python3", "python");

    private final PythonInterpreter interpreter;

    private Numpy(String python) {
        this.interpreter = PythonInterpreter.start(python);
    }

    /** Finds a Python with NumPy; the search runs once per JVM. */
    public static Numpy find() {
        return Found.NUMPY.orElseGet(() -> missing("NumPy", "python3-numpy"));
    }

    /** Finds a Python with NumPy and SciPy; the search runs once per JVM. */
    public static Numpy withSciPy() {
        return FoundWithSciPy.NUMPY.orElseGet(() -> missing("NumPy and SciPy", "python3-scipy"));
    }

    private static final class Found {
        private static final Optional<Numpy> NUMPY = search("numpy");
    }

    private static final class FoundWithSciPy {
        private static final Optional<Numpy> NUMPY = search("numpy, scipy.io");
    }

    private static Numpy missing(String modules, String debianPackage) {
        String reason = "none of " + CANDIDATES + " is a Python with " + modules
                + ": install one, for example the Debian package " + debianPackage;
        if ("required".equals(System.getenv("REVERIE_TEST_PROGRAMS"))) {
            throw new AssertionError(reason);
        }
        return Assumptions.abort(reason);
    }

    private static Optional<Numpy> search(String modules) {
        return CANDIDATES.stream()
                .filter(candidate -> succeeds(List.of(candidate, "-c", "import " + modules)))
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

    private static boolean succeeds(List<String> command) {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }
}
