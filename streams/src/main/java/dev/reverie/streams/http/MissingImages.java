package dev.reverie.streams.http;

import dev.reverie.streams.decode.NameRules;
import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.StoreDamagedException;
import dev.reverie.streams.service.UnavailableException;
import java.util.concurrent.CompletionStage;

/** Finds out why the memory has no images of a class, since it leaves out classes that do not respond. */
final class MissingImages {

    private MissingImages() {}

    /**
     * Fails with the problem of an unknown class only if the service has no such class, and otherwise with a
     * {@link StoreDamagedException} or an {@link UnavailableException}.
     *
     * @param label the label as requested
     */
    static <T> CompletionStage<T> problem(MemoryService service, ResponseDeadline deadline, String label) {
        return deadline.await(service.classNamed(NameRules.normal(label))).thenApply(status -> {
            if (status.isEmpty()) {
                throw ProblemException.unknownClass(label);
            }
            if (status.get().damaged()) {
                throw StoreDamagedException.ofClass(status.get().label());
            }
            throw new UnavailableException("the images of the class " + SafeExcerpt.quoted(label)
                    + " cannot be read now: try again in a moment");
        });
    }
}
