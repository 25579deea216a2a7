package dev.reverie.deploy;

import dev.reverie.deploy.cli.ReverieCommandLine;
import dev.reverie.deploy.progress.Terminal;

/** Entry point of the {@code reverie} command. */
public final class Reverie {

    private Reverie() {}

    /** Runs the command that {@code arguments} name and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(ReverieCommandLine.create(Terminal.system()).execute(arguments));
    }
}
