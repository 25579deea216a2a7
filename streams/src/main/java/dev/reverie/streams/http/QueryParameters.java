package dev.reverie.streams.http;

import dev.reverie.streams.decode.SafeExcerpt;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Query;

/** What stands behind the question mark of an address; throws a {@link ProblemException} where that cannot be meant. */
record QueryParameters(Query query) {

    private static final int MAX_NAMED = 10;

    static QueryParameters of(HttpRequest request) {
        Query query = request.getUri().query();
        query.toMultiMap().forEach((name, values) -> {
            if (values.size() > 1) {
                throw new ProblemException(
                        ProblemType.PARAMETER_INVALID,
                        "the parameter '" + name + "' comes more than once: send it once");
            }
        });
        return new QueryParameters(query);
    }

    /** Refuses parameters that are not among the known ones, so that a misspelt name does not pass unnoticed. */
    void requireKnown(List<String> known) {
        List<String> unknown = query.toMultiMap().keySet().stream()
                .filter(name -> !name.isEmpty() && !known.contains(name)) // "?" and "&&" make an empty name
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            throw new ProblemException(
                    ProblemType.PARAMETER_INVALID,
                    (unknown.size() == 1 ? "unknown query parameter " : "unknown query parameters ")
                            + unknown.stream()
                                    .limit(MAX_NAMED)
                                    .map(SafeExcerpt::quoted)
                                    .collect(Collectors.joining(", ", "", unknown.size() > MAX_NAMED ? ", ..." : ""))
                            + (known.isEmpty()
                                    ? ": this path takes none"
                                    : ": this path takes " + String.join(", ", known)));
        }
    }

    boolean has(String name) {
        return query.get(name).isPresent();
    }

    Optional<String> text(String name) {
        return query.get(name);
    }

    String required(String name) {
        return query.get(name)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.PARAMETER_INVALID,
                        "the parameter '" + name + "' is missing: add ?" + name + "=..."));
    }

    int number(String name, int least, int most, int otherwise) {
        Optional<String> text = query.get(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text.get());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException _) {
            // is out of range, or no number: the same advice
        }
        throw new ProblemException(
                ProblemType.PARAMETER_INVALID,
                "the parameter '" + name + "' is not a number of " + least + " to " + most);
    }

    OptionalLong seed(String name) {
        try {
            return query.get(name).stream().mapToLong(Long::parseLong).findFirst();
        } catch (NumberFormatException _) {
            throw new ProblemException(
                    ProblemType.PARAMETER_INVALID, "the parameter '" + name + "' is not a whole number of 64 bits");
        }
    }

    <T> T oneOf(String name, List<T> choices, T otherwise) {
        return query.get(name)
                .map(text -> choices.stream()
                        .filter(choice -> choice.toString().equals(text))
                        .findFirst()
                        .orElseThrow(() -> new ProblemException(
                                ProblemType.PARAMETER_INVALID, "the parameter '" + name + "' is none of " + choices)))
                .orElse(otherwise);
    }
}
