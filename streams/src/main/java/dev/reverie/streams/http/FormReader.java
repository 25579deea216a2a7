package dev.reverie.streams.http;

import dev.reverie.actors.Asks;
import dev.reverie.gpu.dataset.StrictUtf8;
import dev.reverie.streams.decode.DeliveryDecoder.EncodedSample;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.SafeExcerpt;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Reads forms with pictures: fields {@code image}, as many fields {@code label} or one for all images, and as many
 * fields {@code id} or none, in any order among the three.
 */
record FormReader(ActorSystem<?> system, IngestLimits limits, Duration timeout) {

    private static final int FIELDS_OF_IMAGE = 3;

    /**
     * Reads the fields of a form, which has arrived as a whole.
     *
     * @throws ProblemException if the body is no form, or its fields do not belong together
     */
    List<EncodedSample> read(ContentType type, byte[] body) {
        List<ByteString> images = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (Multipart.FormData.BodyPart.Strict field : fields(type, body)) {
            ByteString value = field.getEntity().getData();
            switch (field.getName()) {
                case "image" -> images.add(value);
                case "label" -> labels.add(text(value, "label"));
                case "id" -> ids.add(text(value, "id"));
                case String other ->
                    throw invalid("the form has the unknown field " + SafeExcerpt.quoted(other)
                            + ": use label, id and image");
            }
        }
        if (images.isEmpty()) {
            throw new ProblemException(
                    ProblemType.BODY_EMPTY, "the form has no field 'image': send at least one image");
        }
        boolean labelled = labels.size() == 1 || labels.size() == images.size();
        if (!labelled || !(ids.isEmpty() || ids.size() == images.size())) {
            throw invalid("the form has " + images.size() + " fields 'image', " + labels.size() + " fields 'label' and "
                    + ids.size() + " fields 'id': send one label for all images or one for each, and an id for each or"
                    + " none");
        }
        List<EncodedSample> samples = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            samples.add(new EncodedSample(
                    "field 'image' number " + (i + 1) + " of the form",
                    labels.get(Math.min(i, labels.size() - 1)),
                    ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(i)),
                    images.get(i)::toArray));
        }
        return samples;
    }

    /** Takes the body for a stream, so that the parser stops after the fields that are allowed. */
    private List<Multipart.FormData.BodyPart.Strict> fields(ContentType type, byte[] body) {
        if (body.length == 0) { // of which no stream can be made
            return List.of();
        }
        int most = FIELDS_OF_IMAGE * limits.images();
        HttpEntity entity = HttpEntities.create(type, body.length, Source.single(ByteString.fromArrayUnsafe(body)));
        try {
            List<Multipart.FormData.BodyPart.Strict> fields = Unmarshaller.entityToMultipartFormData()
                    .unmarshal(entity, system)
                    .thenCompose(form -> form.getParts()
                            .take(most + 1L)
                            .mapAsync(1, part -> part.toStrict(timeout.toMillis(), Materializer.matFromSystem(system)))
                            .runWith(Sink.seq(), system))
                    .toCompletableFuture()
                    .join();
            if (fields.size() > most) {
                throw new ProblemException(
                        ProblemType.TOO_LARGE,
                        "the form has more than " + limits.images() + " images: split it into several requests");
            }
            return fields;
        } catch (CompletionException e) {
            throw new ProblemException(
                    ProblemType.REQUEST_INVALID,
                    "the body is no valid form ("
                            + SafeExcerpt.of(String.valueOf(Asks.causeOf(e).getMessage()), 200)
                            + "): send multipart/form-data with the fields label and image");
        }
    }

    private static String text(ByteString value, String field) {
        try {
            return StrictUtf8.decode(value.toArray());
        } catch (CharacterCodingException _) {
            throw invalid("the field '" + field + "' of the form is not valid UTF-8: encode it as UTF-8");
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.PARAMETER_INVALID, detail);
    }
}
