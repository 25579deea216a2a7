package dev.reverie.deploy.api;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds blocks of Markdown, each of which ends with a line break. */
final class MarkdownText {

    private static final Pattern PARAGRAPH_BREAK = Pattern.compile("\\n\\s*\\n");

    private MarkdownText() {}

    static String heading(int level, String text) {
        return "#".repeat(level) + " " + text + "\n";
    }

    /** Joins the wrapped lines of each paragraph, but leaves tables as they are. */
    static String prose(String text) {
        if (text.isBlank()) {
            return "";
        }
        return PARAGRAPH_BREAK
                .splitAsStream(text.strip())
                .map(block -> block.startsWith("|") ? block : oneLine(block))
                .collect(Collectors.joining("\n\n", "", "\n"));
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\n\\s*", " ");
    }

    /** Returns a table, or an empty string if there are no rows. */
    static String table(List<String> head, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return "";
        }
        return Stream.concat(
                        Stream.of(row(head), "|" + "---|".repeat(head.size())),
                        rows.stream().map(MarkdownText::row))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String row(List<String> cells) {
        return cells.stream()
                .map(cell -> oneLine(cell).replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    static String block(String language, String text) {
        return "```" + language + "\n" + text.stripTrailing() + "\n```\n";
    }

    static String code(String text) {
        return "`" + text + "`";
    }

    /** Returns a link to a heading of the page, with the anchor that GitHub generates. */
    static String link(String text, String heading) {
        String anchor = heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
        return "[" + text + "](#" + anchor + ")";
    }

    /** Joins blocks with an empty line between them. */
    static String join(Stream<String> blocks) {
        return blocks.filter(block -> !block.isEmpty()).collect(Collectors.joining("\n"));
    }
}
