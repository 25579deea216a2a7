package dev.reverie.deploy.history.rounds;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How a program of the operating system ended.
 *
 * @param succeeded whether it exists, ran and succeeded
 * @param output what it printed, or why it could not run
 */
public record SystemProgram(boolean succeeded, String output) {

    /** Runs a program to its end. */
    public static SystemProgram run(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new SystemProgram(process.waitFor() == 0, output);
        } catch (IOException missing) {
            return new SystemProgram(false, String.valueOf(missing));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interruption);
        }
    }
}
