package dev.reverie.streams.http;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Query;

/** What stands behind the question mark of an address; throws a {@link ProblemException} where that cannot be meant. */
record QueryParameters(Query query) {

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
