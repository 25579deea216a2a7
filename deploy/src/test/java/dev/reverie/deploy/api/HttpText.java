package dev.reverie.deploy.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter.NopIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.reverie.deploy.api.ExampleCall.Answer;
import dev.reverie.deploy.api.ExampleCall.Example;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls and their answers as HTTP has them, set for reading. */
final class HttpText {

    /** Characters of a value that stays in one line. */
    private static final int SHORT = 80;

    private static final JsonMapper JSON = new JsonMapper();
    private static final Separators SPACED =
            Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER);

    private HttpText() {}

    /** What is asked for. */
    static String line(ExampleCall call) {
        return call.operation().method() + " " + call.address(call.parameters());
    }

    /** Those that are parameters. */
    static Stream<String> headers(ExampleCall call) {
        return call.parameters().stream()
                .filter(parameter -> parameter.in().equals("header"))
                .map(parameter -> parameter.name() + ": " + parameter.value());
    }

    static String request(ExampleCall call) {
        return Stream.of(
                        Stream.of(line(call) + " HTTP/1.1"),
                        headers(call),
                        call.body().stream().map(body -> "Content-Type: " + body.mediaType() + "\n\n" + content(body)))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    static String answer(ExampleCall call) {
        return call.answer()
                .map(HttpText::answer)
                .orElseGet(() -> "HTTP/1.1 " + call.operation().withoutBody().orElseThrow());
    }

    private static String answer(Answer answer) {
        return "HTTP/1.1 " + answer.status() + "\nContent-Type: "
                + answer.example().mediaType() + "\n\n" + content(answer.example());
    }

    private static String content(Example example) {
        return example.file()
                .map(name -> "(" + name + ")")
                .orElseGet(() -> example.mediaType().endsWith("/json") ? indented(example) : example.text());
    }

    private static String indented(Example example) {
        DefaultPrettyPrinter lines = new DefaultPrettyPrinter(SPACED);
        lines.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        if (example.text().length() <= SHORT) {
            lines.indentObjectsWith(NopIndenter.instance);
            lines.indentArraysWith(NopIndenter.instance);
        }
        try {
            return JSON.writer(lines)
                    .writeValueAsString(example.example().node().path("value"));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
