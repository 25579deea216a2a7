package dev.reverie.streams.http;

import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.streams.decode.SafeExcerpt;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Query;

/** The query parameters of a request. Methods throw a {@link ProblemException} if a parameter is invalid. */
record QueryParameters(Query query) {

    private static final int MAX_NAMED = 10;

    static QueryParameters of(HttpRequest request) {
        Query query = request.getUri().query();
        query.toMultiMap().forEach((name, values) -> {
            if (values.size() > 1 && !name.isEmpty()) { // "&&" makes empty names
                throw invalid(
                        "the query parameter " + SafeExcerpt.quoted(name) + " is given more than once: give it once");
            }
        });
        return new QueryParameters(query);
    }

    /** Refuses unknown parameters, so that a misspelt name does not pass unnoticed. */
    void requireKnown(List<String> known) {
        List<String> unknown = query.toMultiMap().keySet().stream()
                .filter(name -> !name.isEmpty() && !known.contains(name)) // "?" and "&&" make an empty name
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            throw invalid((unknown.size() == 1 ? "unknown query parameter " : "unknown query parameters ")
                    + unknown.stream()
                            .limit(MAX_NAMED)
                            .map(SafeExcerpt::quoted)
                            .collect(Collectors.joining(", ", "", unknown.size() > MAX_NAMED ? ", ..." : ""))
                    + (known.isEmpty() ? ": this path takes none" : ": this path takes " + String.join(", ", known)));
        }
    }

    Optional<String> text(String name) {
        return query.get(name);
    }

    String required(String name) {
        return query.get(name)
                .orElseThrow(() -> invalid(
                        "the query parameter '" + name + "' is missing: add " + name + "=... to the query of the URI"));
    }

    /** Returns an integer from {@code min} to {@code max}, including both. */
    int number(String name, int min, int max, int defaultValue) {
        Optional<String> text = query.get(name);
        if (text.isEmpty()) {
            return defaultValue;
        }
        try {
            int value = Integer.parseInt(text.get());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException _) {
            // the same message as for a number out of range
        }
        throw notWhole(name, min, max);
    }

    /** Returns any 64-bit integer; empty if the parameter is missing. */
    OptionalLong seed(String name) {
        try {
            return query.get(name).stream().mapToLong(Long::parseLong).findFirst();
        } catch (NumberFormatException _) {
            throw notWhole(name, Long.MIN_VALUE, Long.MAX_VALUE);
        }
    }

    /** Returns the type of the values of images in a response. */
    Dtype dtype() {
        return oneOf("dtype", List.of(Dtype.values()), Dtype.UINT8);
    }

    /** Returns how the labels in a response number the classes. */
    NpzFile.Numbering numbering() {
        return oneOf("labels", List.of(NpzFile.Numbering.values()), NpzFile.Numbering.INDEX);
    }

    /** Returns the choice that the parameter spells as {@code toString} does. */
    <T> T oneOf(String name, List<T> choices, T defaultValue) {
        return query.get(name)
                .map(text -> choices.stream()
                        .filter(choice -> choice.toString().equals(text))
                        .findFirst()
                        .orElseThrow(() -> invalid("the query parameter '" + name + "' must be one of "
                                + choices.stream().map(Object::toString).collect(Collectors.joining(", ")))))
                .orElse(defaultValue);
    }

    private static ProblemException notWhole(String name, long min, long max) {
        return invalid("the query parameter '" + name + "' must be a whole number from " + min + " to " + max);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.PARAMETER_INVALID, detail);
    }
}
