package dev.reverie.deploy.cli;

import picocli.CommandLine.Option;

/** The options that every command has. */
public final class CommonOptions {

    public static final String VERBOSE = "--verbose";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(names = VERBOSE, description = "Print the stack trace of a failure.")
    boolean verbose;
}
