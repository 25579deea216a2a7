package dev.reverie.deploy.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter.NopIndenter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.reverie.deploy.api.ExampleCall.Example;
import dev.reverie.deploy.api.ExampleCall.ExpectedResponse;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats example calls as HTTP messages for the reference page. */
final class HttpText {

    /** Maximum length of JSON that is printed on one line. */
    private static final int MAX_ONE_LINE = 80;

    private static final JsonMapper JSON = new JsonMapper();
    private static final Separators SPACED =
            Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER);

    private HttpText() {}

    /** Returns method and address. */
    static String requestLine(ExampleCall call) {
        return call.operation().method() + " " + call.address(call.parameters());
    }

    /** Returns the headers that are parameters. */
    static Stream<String> headers(ExampleCall call) {
        return call.parameters().stream()
                .filter(parameter -> parameter.in().equals("header"))
                .map(parameter -> parameter.name() + ": " + parameter.value());
    }

    static String request(ExampleCall call) {
        return Stream.of(
                        Stream.of(requestLine(call) + " HTTP/1.1"),
                        headers(call),
                        call.body().stream().map(body -> "Content-Type: " + body.mediaType() + "\n\n" + content(body)))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    static String response(ExampleCall call) {
        return call.response()
                .map(HttpText::response)
                .orElseGet(() -> "HTTP/1.1 " + call.operation().withoutBody().orElseThrow());
    }

    private static String response(ExpectedResponse response) {
        return "HTTP/1.1 " + response.status() + "\nContent-Type: "
                + response.example().mediaType() + "\n\n" + content(response.example());
    }

    private static String content(Example example) {
        return example.file()
                .map(name -> "(" + name + ")")
                .orElseGet(() -> example.mediaType().endsWith("/json") ? indented(example) : example.text());
    }

    private static String indented(Example example) {
        DefaultPrettyPrinter lines = new DefaultPrettyPrinter(SPACED);
        lines.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        if (example.text().length() <= MAX_ONE_LINE) {
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
