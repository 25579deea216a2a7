package dev.reverie.deploy.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A history that is written by hand. Each line is an operation, with the times at which it was sent and ended, or the
 * death of the service:
 *
 * <pre>{@code
 * 1 2 deliver cat/1 cat/2 -> 1 new, 0 known, refused cat/2
 * 3 4 seal cat -> done
 * 5 6 delete cat -> not found
 * 7 8 classes -> cat 1
 * 7 8 status -> 1 of 1
 * 7 8 memory -> cat
 * death 9
 * }</pre>
 *
 * A sample is its label, a slash, and its id. Further answers are {@code ?} if there was none, {@code not stored},
 * {@code unexpected}, and {@code none} for no classes.
 */
public final class Script {

    private static final Pattern OPERATION = Pattern.compile("(\\d+) (\\d+) (\\w+) ?(.*?) ?-> (.*)");
    private static final Pattern RECEIPT = Pattern.compile("(\\d+) new, (\\d+) known(?:, refused (.*))?");
    private static final Pattern CLASS = Pattern.compile("(\\w+) (\\d+)");
    private static final Pattern TOTALS = Pattern.compile("(\\d+) of (\\d+)");

    private final List<Operation> operations = new ArrayList<>();
    private final List<Long> deaths = new ArrayList<>();

    public static History of(String lines) {
        Script script = new Script();
        lines.lines().forEach(script::add);
        return script.history();
    }

    public History history() {
        return new History(operations, deaths);
    }

    void add(String line) {
        if (line.startsWith("death ")) {
            deaths.add(Long.valueOf(line.substring("death ".length())));
            return;
        }
        MatchResult parts = matched(OPERATION, line);
        int number = operations.size();
        operations.add(new Operation(
                number,
                "client-" + number,
                request(parts.group(3), parts.group(4)),
                answer(parts.group(3), parts.group(5)),
                Long.parseLong(parts.group(1)),
                Long.parseLong(parts.group(2))));
    }

    private static Request request(String name, String argument) {
        return switch (name) {
            case "deliver" -> new Request.Deliver(keys(argument));
            case "seal" -> new Request.Seal(argument);
            case "delete" -> new Request.Delete(argument);
            case "classes" -> new Request.ReadClasses();
            case "status" -> new Request.ReadStatus();
            case "memory" -> new Request.ReadMemory();
            default -> throw new IllegalArgumentException("no request: " + name);
        };
    }

    private static Answer answer(String request, String text) {
        return switch (text) {
            case "?" -> new Answer.Unknown("the connection was closed");
            case "done" -> new Answer.Done();
            case "not found" -> new Answer.NotFound();
            case "not stored" -> new Answer.NotStored("507");
            case "unexpected" -> new Answer.Unexpected("422");
            case "none" -> new Answer.Classes(Map.of());
            default -> success(request, text);
        };
    }

    private static Answer success(String request, String text) {
        return switch (request) {
            case "deliver" -> {
                MatchResult counts = matched(RECEIPT, text);
                List<SampleKey> refused = counts.group(3) == null ? List.of() : keys(counts.group(3));
                yield new Answer.Accepted(number(counts, 1), number(counts, 2), refused);
            }
            case "classes" -> {
                MatchResult shown = matched(CLASS, text);
                yield new Answer.Classes(Map.of(shown.group(1), new Answer.ClassView(number(shown, 2), false)));
            }
            case "status" -> {
                MatchResult totals = matched(TOTALS, text);
                yield new Answer.Status(number(totals, 1), number(totals, 2));
            }
            case "memory" -> new Answer.Memory(Set.of(text));
            default -> throw new IllegalArgumentException("no answer: " + text);
        };
    }

    private static List<SampleKey> keys(String samples) {
        return Stream.of(samples.split(" "))
                .map(sample -> sample.split("/", -1))
                .map(names -> new SampleKey(names[0], names[1]))
                .toList();
    }

    private static int number(MatchResult match, int group) {
        return Integer.parseInt(match.group(group));
    }

    private static MatchResult matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("cannot read: " + text);
        }
        return matcher.toMatchResult();
    }
}
