package dev.reverie.streams.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.lifecycle.ClassInfo;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** Lists, shows, seals and forgets classes, and withdraws their samples. */
final class ClassEndpoints {

    static final List<String> SEAL_PARAMETERS = List.of("when");

    private static final String NOW = "now";
    private static final String CONVERGED = "converged";
    private static final int FIRST_LIST_BYTES = 16 << 10;

    private final MemoryService service;
    private final Answers answers;
    private final ResponseDeadline deadline;
    private final History history;
    /** Size of the JSON of the latest list in bytes, which is the estimate for the next one. */
    private volatile int listBytes = FIRST_LIST_BYTES;

    ClassEndpoints(MemoryService service, Answers answers, ResponseDeadline deadline, History history) {
        this.service = service;
        this.history = history;
        this.answers = answers;
        this.deadline = deadline;
    }

    CompletionStage<HttpResponse> list() {
        return answers.json(listBytes, () -> deadline.await(service.classes()).thenApply(this::encode));
    }

    private byte[] encode(List<ClassInfo> classes) {
        byte[] json = ApiJson.text(classes.stream().map(this::shown).toList()).getBytes(StandardCharsets.UTF_8);
        listBytes = json.length;
        return json;
    }

    CompletionStage<HttpResponse> get(String label) {
        return deadline.await(service.classNamed(NameRules.normal(label))).thenApply(status -> respond(status, label));
    }

    /** Seals a class now or when it converges. */
    CompletionStage<HttpResponse> seal(String label, HttpRequest request) {
        String name = NameRules.normal(label);
        String when = QueryParameters.of(request).oneOf("when", List.of(NOW, CONVERGED), NOW);
        return deadline.await(service.seal(name, when.equals(NOW) ? SealChange.NOW : SealChange.WHEN_CONVERGED))
                .thenApply(status -> {
                    HttpResponse answer = respond(status, label);
                    return status.orElseThrow().sealRequested() ? answer.withStatus(StatusCodes.ACCEPTED) : answer;
                });
    }

    /** Cancels the request to seal a class when it converges. */
    CompletionStage<HttpResponse> cancelSeal(String label) {
        return deadline.await(service.seal(NameRules.normal(label), SealChange.CANCEL))
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
        return deadline.await(service.withdraw(NameRules.normal(label), id)).thenApply(result -> {
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

    CompletionStage<HttpResponse> forget(String label) {
        return deadline.await(forgetEverywhere(NameRules.normal(label))).thenApply(forgotten -> {
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

    private HttpResponse respond(Optional<ClassInfo> status, String label) {
        return Responses.json(status.map(this::shown).orElseThrow(() -> ProblemException.unknownClass(label)));
    }

    private ShownClass shown(ClassInfo info) {
        return new ShownClass(info, service.codedBytes(info.index()));
    }

    /**
     * A class as clients see it.
     *
     * @param codedBytes size of its picture in bytes; empty before the first one
     */
    private record ShownClass(@JsonUnwrapped ClassInfo info, OptionalLong codedBytes) {}
}
