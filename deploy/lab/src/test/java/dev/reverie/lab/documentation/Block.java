package dev.reverie.lab.documentation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a page.
 *
 * @param language after the opening fence: {@code sh} for commands, {@code python} for a script, {@code text} for the
 *     output of the block before it; other blocks are not run
 * @param line number of its first line in the page
 */
record Block(String language, int line, List<String> lines) {

    private static final Pattern COMMENT = Pattern.compile("(^|\\s{2,})#\\s.*$");
    private static final Pattern HERE_DOCUMENT = Pattern.compile("<<-?'?(\\w+)'?");
    private static final Pattern COMMAND = Pattern.compile(
            "(\\./)?reverie [a-z].*|(curl|docker|kubectl|helm|kcat|python3?|pip|mvn|tar|install|systemctl|journalctl|openssl|sudo|jcmd"
                    + "|ss|psql|pg_\\w+|createdb|dropdb|cp|mv|kill|export|git|npm|printf|promtool) .*");

    Block {
        lines = List.copyOf(lines);
    }

    boolean isShell() {
        return language.equals("sh");
    }

    boolean isPython() {
        return language.equals("python");
    }

    boolean isOutput() {
        return language.equals("text");
    }

    /** Lines that look like commands in a block that is not run. */
    List<String> hiddenCommands() {
        return isShell() || isPython()
                ? List.of()
                : lines.stream()
                        .filter(COMMAND.asMatchPredicate())
                        .filter(line -> !line.startsWith("reverie: "))
                        .toList();
    }

    /** The commands of a shell block, each with its continuation lines, without comments; empty for other blocks. */
    List<String> commands() {
        List<String> commands = new ArrayList<>();
        if (!isShell()) {
            return commands;
        }
        String command = "";
        String end = "";
        for (String line : lines) {
            String text = end.isEmpty() ? COMMENT.matcher(line).replaceFirst("") : line;
            command = command.isEmpty() ? text : command + "\n" + text;
            if (end.isEmpty()) {
                Matcher here = HERE_DOCUMENT.matcher(text);
                end = here.find() ? here.group(1) : "";
            } else if (text.equals(end)) {
                end = "";
            }
            if (end.isEmpty() && !text.endsWith("\\")) {
                if (!command.isBlank()) {
                    commands.add(command);
                }
                command = "";
            }
        }
        return commands;
    }
}
