package dev.reverie.deploy.cli;

import picocli.CommandLine.Option;

/** What every command understands. */
final class CommonOptions {

    static final String VERBOSE = "--verbose";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(names = VERBOSE, description = "On a failure, print the stack trace as well.")
    boolean verbose;
}
