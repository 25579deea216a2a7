package dev.reverie.gpu.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Python process that runs one script after the other, and ends with this JVM. */
final class PythonInterpreter {

    /** Reads a script and its arguments from each line, and writes the output of the script, or why it failed. */
    private static final String LOOP = """
            import base64, contextlib, io, sys, traceback
            import numpy as np
            requests, answers = sys.stdin, sys.stdout
            for request in requests:
                script, *arguments = [base64.b64decode(word).decode() for word in request.split(',')]
                sys.argv = ['-c', *arguments]
                output = io.StringIO()
                try:
                    with contextlib.redirect_stdout(output):
                        exec(script, {'__name__': '__main__', 'sys': sys, 'np': np})
                    answer = 'done'
                except BaseException:
                    answer = 'failed'
                    output = io.StringIO(traceback.format_exc())
                print(answer, base64.b64encode(output.getvalue().encode()).decode(), sep=',', file=answers, flush=True)
            """;

    private final Writer requests;
    private final BufferedReader answers;

    private PythonInterpreter(Process process) {
        this.requests = process.outputWriter(UTF_8);
        this.answers = process.inputReader(UTF_8);
    }

    /** Starts a program, which must be a Python with NumPy. */
    static PythonInterpreter start(String python) {
        try {
            return new PythonInterpreter(new ProcessBuilder(python, "-c", LOOP)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Runs a script and returns its output without spaces around it. */
    synchronized String run(String script, List<String> arguments) {
        try {
            requests.write(Stream.concat(Stream.of(script), arguments.stream())
                            .map(word -> Base64.getEncoder().encodeToString(word.getBytes(UTF_8)))
                            .collect(Collectors.joining(","))
                    + "\n");
            requests.flush();
            String[] answer = String.valueOf(answers.readLine()).split(",", 2);
            String output = answer.length == 2 ? new String(Base64.getDecoder().decode(answer[1]), UTF_8) : "it ended";
            if (!answer[0].equals("done")) {
                throw new AssertionError("the script%n%s%nfailed: %s".formatted(script, output));
            }
            return output.strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
