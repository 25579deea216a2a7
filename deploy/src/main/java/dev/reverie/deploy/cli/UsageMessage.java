package dev.reverie.deploy.cli;

import dev.reverie.deploy.text.NearestName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Writes the message about a wrong command line, and suggests the option or command that was probably meant. */
final class UsageMessage {

    private static final Pattern OUT_OF_RANGE = Pattern.compile("('[+-]?\\d+') is not an? (?:int|long)$");
    private static final Pattern NOT_WHOLE = Pattern.compile("(?<=' )is not an? (?:int|long)$");
    private static final Pattern NOT_REAL = Pattern.compile("(?<=' )is not a (?:float|double)$");

    private UsageMessage() {}

    static String of(ParameterException failure) {
        return unknown(failure).orElseGet(() -> inPlainWords(String.valueOf(failure.getMessage())));
    }

    /** Replaces the names of Java's types, which picocli writes, because users need not know them. */
    private static String inPlainWords(String message) {
        String whole = NOT_WHOLE
                .matcher(OUT_OF_RANGE.matcher(message).replaceFirst("$1 is out of range"))
                .replaceFirst("is not a whole number");
        return NOT_REAL.matcher(whole).replaceFirst("is not a number");
    }

    /** Reports a mistyped option rather than a missing one, because the mistyped option is probably the missing one. */
    private static Optional<String> unknown(ParameterException failure) {
        List<String> unmatched =
                switch (failure) {
                    case UnmatchedArgumentException e -> e.getUnmatched();
                    case MissingParameterException e -> e.getCommandLine().getUnmatchedArguments();
                    default -> List.of();
                };
        CommandLine command = failure.getCommandLine();
        return unmatched.stream()
                .filter(argument -> argument.startsWith("-"))
                .findFirst()
                .map(option -> option.replaceFirst("=.*", ""))
                .map(option -> "unknown option " + option
                        + question(option, command.getCommandSpec().optionsMap().keySet()))
                .or(() -> unmatched.stream().findFirst().map(word -> unknownWord(word, command)));
    }

    private static String unknownWord(String word, CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? "unexpected argument '" + word + "'"
                : "unknown command '" + word + "'"
                        + question(word, command.getSubcommands().keySet());
    }

    private static String question(String name, Collection<String> known) {
        return NearestName.of(name, known)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
    }
}
