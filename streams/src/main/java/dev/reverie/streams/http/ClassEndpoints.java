package dev.reverie.streams.http;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageGrid;
import dev.reverie.streams.decode.NameRules;
import dev.reverie.streams.history.MemoryHistory;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.MemoryService;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** Shows classes, seals and forgets them. */
final class ClassEndpoints {

    private final MemoryService service;
    private final MemoryEncoder encoding;
    private final ResponseDeadline deadline;
    private final MemoryHistory history;

    ClassEndpoints(MemoryService service, MemoryEncoder encoding, ResponseDeadline deadline, MemoryHistory history) {
        this.service = service;
        this.history = history;
        this.encoding = encoding;
        this.deadline = deadline;
    }

    CompletionStage<HttpResponse> all() {
        return deadline.await(service.classes()).thenApply(Responses::json);
    }

    CompletionStage<HttpResponse> one(String label) {
        return deadline.await(service.classNamed(NameRules.normal(label))).thenApply(ClassEndpoints::answer);
    }

    CompletionStage<HttpResponse> seal(String label) {
        return deadline.await(service.seal(NameRules.normal(label))).thenApply(ClassEndpoints::answer);
    }

    CompletionStage<HttpResponse> forget(String label) {
        return deadline.await(forgetNamed(NameRules.normal(label))).thenApply(forgotten -> {
            if (!forgotten) {
                throw unknown();
            }
            return HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
        });
    }

    /** Its pictures of earlier moments go with it, also if nobody waits for that any more. */
    private CompletionStage<Boolean> forgetNamed(String name) {
        return service.forget(name).thenApply(forgotten -> {
            if (forgotten) {
                history.forget(name);
            }
            return forgotten;
        });
    }

    /** Its stored images as one picture. */
    CompletionStage<HttpResponse> picture(String label) {
        String name = NameRules.normal(label);
        return deadline.await(service.memory())
                .thenCompose(view -> {
                    ImageGrid grid =
                            view.flatMap(memory -> grid(memory.set(), name)).orElseThrow(ClassEndpoints::unknown);
                    return encoding.picture(grid);
                })
                .thenApply(png -> Responses.bytes(Responses.PNG, png));
    }

    private static Optional<ImageGrid> grid(DistilledSet set, String name) {
        int index = set.classNames().indexOf(name);
        List<Integer> stored = IntStream.range(0, set.parameters().count())
                .filter(i -> set.parameterLabels().get(i) == index)
                .boxed()
                .toList();
        return stored.isEmpty()
                ? Optional.empty()
                : Optional.of(ImageGrid.of(
                        set.parameters().pick(stored), Collections.nCopies(stored.size(), index), set.classNames()));
    }

    private static HttpResponse answer(Optional<ClassStatus> status) {
        return Responses.json(status.orElseThrow(ClassEndpoints::unknown));
    }

    private static ProblemException unknown() {
        return new ProblemException(
                ProblemType.UNKNOWN_CLASS, "there is no class of this name with something to show: see /v1/classes");
    }
}
