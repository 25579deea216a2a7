package dev.reverie.streams.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.registry.Labels;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.streams.decode.NameRules;
import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.history.History;
import dev.reverie.streams.json.ApiJson;
import dev.reverie.streams.service.MemoryService;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** Lists, shows, names, seals, merges and forgets classes, and withdraws their samples. */
final class ClassEndpoints {

    static final List<String> SEAL_PARAMETERS = List.of("when");
    static final List<String> MERGE_PARAMETERS = List.of("into");

    private static final String NOW = "now";
    private static final String CONVERGED = "converged";
    private static final int FIRST_LIST_BYTES = 16 << 10;

    private final MemoryService service;
    private final RequestBodies bodies;
    private final Answers answers;
    private final ResponseDeadline deadline;
    private final History history;
    /** Size of the JSON of the latest list in bytes, which is the estimate for the next one. */
    private volatile int listBytes = FIRST_LIST_BYTES;

    ClassEndpoints(
            MemoryService service, RequestBodies bodies, Answers answers, ResponseDeadline deadline, History history) {
        this.service = service;
        this.bodies = bodies;
        this.history = history;
        this.answers = answers;
        this.deadline = deadline;
    }

    CompletionStage<HttpResponse> list() {
        return answers.json(
                listBytes, () -> deadline.await(service.classes().thenCombine(service.displayNames(), this::encode)));
    }

    private byte[] encode(List<ClassInfo> classes, SortedMap<Integer, String> displayNames) {
        byte[] json = ApiJson.text(
                        classes.stream().map(each -> shown(each, displayNames)).toList())
                .getBytes(StandardCharsets.UTF_8);
        listBytes = json.length;
        return json;
    }

    CompletionStage<HttpResponse> get(String label) {
        return deadline.await(service.classNamed(Labels.normal(label)).thenCompose(status -> respond(status, label)));
    }

    /** Seals a class now or when it converges. */
    CompletionStage<HttpResponse> seal(String label, HttpRequest request) {
        String name = Labels.normal(label);
        String when = QueryParameters.of(request).oneOf("when", List.of(NOW, CONVERGED), NOW);
        return deadline.await(service.seal(name, when.equals(NOW) ? SealChange.NOW : SealChange.WHEN_CONVERGED)
                .thenCompose(status -> respond(status, label)
                        .thenApply(answer -> status.orElseThrow().sealRequested()
                                ? answer.withStatus(StatusCodes.ACCEPTED)
                                : answer)));
    }

    /** Gives a class the name in the body, or lets people read its label again. */
    CompletionStage<HttpResponse> rename(String label, HttpRequest request) {
        return bodies.read(request, _ -> {})
                .thenApply(ClassEndpoints::displayNameIn)
                .thenCompose(displayName -> deadline.await(service.rename(Labels.normal(label), displayName)
                        .thenCompose(status -> respond(status, label))));
    }

    private static Optional<String> displayNameIn(byte[] body) {
        JsonNode name = ApiJson.read(body)
                .filter(json -> json.isObject() && json.size() == 1)
                .map(json -> json.path("name"))
                .orElseGet(MissingNode::getInstance);
        Optional<String> displayName =
                Optional.of(name).filter(JsonNode::isTextual).flatMap(text -> NameRules.displayName(text.asText()));
        if (displayName.isEmpty() && !name.isNull()) {
            throw new ProblemException(
                    ProblemType.NAME_INVALID,
                    "the body must be a JSON object with the field \"name\": a text of 1 to "
                            + NameRules.DISPLAY_NAME_LENGTH
                            + " characters without control characters, or null to remove the name");
        }
        return displayName;
    }

    /** Cancels the request to seal a class when it converges. */
    CompletionStage<HttpResponse> cancelSeal(String label) {
        return deadline.await(service.seal(Labels.normal(label), SealChange.CANCEL))
                .thenApply(status -> {
                    ClassPhase phase = status.orElseThrow(() -> ProblemException.unknownClass(label))
                            .phase();
                    if (phase == ClassPhase.SEALED) {
                        throw new ProblemException(
                                ProblemType.CLASS_SEALED,
                                "the class is sealed already, which cannot be undone: forget the class to learn it"
                                        + " anew");
                    }
                    return HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
                });
    }

    CompletionStage<HttpResponse> withdraw(String label, String id) {
        return deadline.await(service.withdraw(Labels.normal(label), id)).thenApply(result -> {
            switch (result.orElseThrow(() -> ProblemException.unknownClass(label))) {
                case DONE -> {}
                case UNKNOWN ->
                    throw new ProblemException(
                            ProblemType.UNKNOWN_SAMPLE,
                            "the class does not recognise the id " + SafeExcerpt.quoted(id)
                                    + ": check it; a class recognises the ids of its latest samples only");
                case REFUSED ->
                    throw new ProblemException(
                            ProblemType.LAST_SAMPLE,
                            "the class would have no image to learn from without this sample: forget the class, or"
                                    + " send it other samples first");
            }
            return HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
        });
    }

    /** Forgets a class after another one has got its real images. */
    CompletionStage<HttpResponse> merge(String label, HttpRequest request) {
        String name = Labels.normal(label);
        String into = Labels.normal(QueryParameters.of(request).required("into"));
        if (name.equals(into)) {
            throw new ProblemException(
                    ProblemType.PARAMETER_INVALID,
                    "a class cannot be merged into itself: give the label of another class in 'into'");
        }
        return deadline.await(requireOpen(name)
                .thenCompose(_ -> requireOpen(into))
                .thenCompose(_ -> service.moveImages(name, into))
                .thenCompose(moved -> {
                    HttpResponse answer =
                            SampleEndpoint.respond(moved.orElseThrow(() -> ProblemException.unknownClass(label)), 1);
                    return answer.status().isSuccess()
                            ? forgetEverywhere(name).thenApply(_ -> answer)
                            : CompletableFuture.completedStage(answer);
                }));
    }

    /** Fails if there is no such class, or if it is sealed. */
    private CompletionStage<ClassInfo> requireOpen(String name) {
        return service.classNamed(name).thenApply(found -> {
            ClassInfo info = found.orElseThrow(() -> ProblemException.unknownClass(name));
            if (info.phase() == ClassPhase.SEALED) {
                throw new ProblemException(
                        ProblemType.CLASS_SEALED,
                        "the class " + SafeExcerpt.quoted(name)
                                + " is sealed, so it has no real images and accepts none: forget the class if it is not"
                                + " needed");
            }
            return info;
        });
    }

    CompletionStage<HttpResponse> forget(String label) {
        return deadline.await(forgetEverywhere(Labels.normal(label))).thenApply(forgotten -> {
            if (!forgotten) {
                throw ProblemException.unknownClass(label);
            }
            return HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
        });
    }

    /** Forgets the class in the service and in the history, even if the client no longer waits for the response. */
    private CompletionStage<Boolean> forgetEverywhere(String name) {
        return service.forget(name)
                .thenCompose(forgotten -> forgotten
                        ? history.forget(name).thenApply(_ -> true)
                        : CompletableFuture.completedStage(false));
    }

    private CompletionStage<HttpResponse> respond(Optional<ClassInfo> status, String label) {
        ClassInfo info = status.orElseThrow(() -> ProblemException.unknownClass(label));
        return service.displayNames().thenApply(displayNames -> Responses.json(shown(info, displayNames)));
    }

    private ShownClass shown(ClassInfo info, SortedMap<Integer, String> displayNames) {
        return new ShownClass(
                info, Optional.ofNullable(displayNames.get(info.index())), service.codedBytes(info.index()));
    }

    /**
     * A class as clients see it.
     *
     * @param name name that people read in place of the label; empty if they read the label
     * @param codedBytes size of its picture in bytes; empty before the first one
     */
    private record ShownClass(@JsonUnwrapped ClassInfo info, Optional<String> name, OptionalLong codedBytes) {}
}
