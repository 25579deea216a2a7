package dev.reverie.streams.decode;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.EncodedPicture;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.NpzSamples;
import dev.reverie.gpu.dataset.OversizeException;
import dev.reverie.gpu.dataset.PictureFormat;
import dev.reverie.streams.decode.RefusedException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes samples of what was sent, within limits. Thread safe; keeps its thread busy for as long as it takes. */
public final class SampleDecoder {

    private final IngestLimits limits;
    private final String subject;
    private final Names names;

    /**
     * A decoder.
     *
     * @param subject what to call that which was sent, for example {@code the body}
     */
    public SampleDecoder(IngestLimits limits, String subject) {
        this.limits = limits;
        this.subject = subject;
        this.names = new Names(limits);
    }

    /**
     * Samples of an NPZ, see {@link NpzSamples}.
     *
     * @throws RefusedException if any of them cannot be used
     */
    public List<Sample> batch(byte[] content) throws RefusedException {
        requireSize(content);
        NpzSamples batch;
        try {
            batch = NpzSamples.read(
                    content,
                    subject,
                    new NpzSamples.Limits(limits.images(), limits.pixels(), limits.decodedBytes(content.length)));
        } catch (OversizeException e) {
            throw new RefusedException(Reason.TOO_LARGE, e.getMessage());
        } catch (DatasetException e) {
            throw new RefusedException(Reason.BATCH_INVALID, e.getMessage());
        }
        try {
            return named(batch);
        } catch (RefusedException e) {
            throw e.among(batch.images().size());
        }
    }

    private List<Sample> named(NpzSamples batch) throws RefusedException {
        List<Sample> samples = new ArrayList<>(batch.images().size());
        for (int i = 0; i < batch.images().size(); i++) {
            String where = "image " + i + " of " + subject;
            String label = names.label(batch.labels().get(i), where);
            int index = i;
            Optional<String> id = names.id(batch.ids().map(ids -> ids.get(index)), where);
            samples.add(new Sample(label, id, batch.images().get(i)));
        }
        return samples;
    }

    /**
     * The sample of a single picture.
     *
     * @param promised format
     * @throws RefusedException if it cannot be used
     */
    public List<Sample> picture(PictureFormat promised, byte[] content, String label, Optional<String> id)
            throws RefusedException {
        requireSize(content);
        Optional<PictureFormat> actual = PictureFormat.of(content);
        if (!actual.equals(Optional.of(promised))) {
            throw new RefusedException(
                    Reason.IMAGE_INVALID,
                    subject + " is not the " + promised + " it is said to be: it is "
                            + actual.map(format -> "a " + format).orElse("no picture"));
        }
        String name = names.label(label, subject);
        return List.of(new Sample(
                name, names.id(id, subject), decoded(content, subject, limits.decodedBytes(content.length))));
    }

    /**
     * Samples of lines of JSON: {@code {"label": "cat", "image": "base64 of a PNG or JPEG", "id": "may be missing"}}.
     *
     * @throws RefusedException if any of them cannot be used
     */
    public List<Sample> lines(byte[] content) throws RefusedException {
        requireSize(content);
        List<Sample> samples;
        try {
            samples = eachOf(content);
        } catch (RefusedException e) {
            throw e.among(JsonSamples.count(content));
        }
        if (samples.isEmpty()) {
            throw new RefusedException(Reason.EMPTY, subject + " has only blank lines: want one JSON object a line");
        }
        return samples;
    }

    private List<Sample> eachOf(byte[] content) throws RefusedException {
        List<Sample> samples = new ArrayList<>();
        int left = limits.decodedBytes(content.length);
        for (JsonSamples lines = new JsonSamples(content, limits, subject); lines.hasNext(); ) {
            if (samples.size() == limits.images()) {
                throw new RefusedException(
                        Reason.TOO_LARGE,
                        subject + " has more than the " + limits.images() + " images allowed at once: send fewer");
            }
            JsonSamples.Line line = lines.next();
            String label = names.label(line.label(), line.name());
            Optional<String> id = names.id(line.id(), line.name());
            Image image = decoded(line.picture(), "the image in " + line.name(), left);
            left -= image.shape().size();
            samples.add(new Sample(label, id, image));
        }
        return samples;
    }

    /**
     * Decodes a picture.
     *
     * @param left bytes that may still be unpacked
     */
    private Image decoded(byte[] picture, String name, int left) throws RefusedException {
        try {
            Image image = EncodedPicture.decode(picture, name, Math.min(limits.pixels(), left));
            if (image.shape().size() > left) {
                throw tooMuch();
            }
            return image;
        } catch (OversizeException e) {
            throw left < limits.pixels() ? tooMuch() : new RefusedException(Reason.TOO_LARGE, e.getMessage());
        } catch (DatasetException e) {
            throw new RefusedException(Reason.IMAGE_INVALID, e.getMessage());
        }
    }

    private RefusedException tooMuch() {
        return new RefusedException(
                Reason.TOO_LARGE,
                subject + " unpacks to more than " + limits.decodeRatio() + " times its size, or more than "
                        + limits.decodedBytes() + " bytes: send fewer or smaller images at once");
    }

    private void requireSize(byte[] content) throws RefusedException {
        if (content.length == 0) {
            throw new RefusedException(Reason.EMPTY, subject + " is empty: want images");
        }
        if (content.length > limits.bodyBytes()) {
            throw new RefusedException(
                    Reason.TOO_LARGE,
                    subject + " has more than the " + limits.bodyBytes() + " bytes allowed at once: send less");
        }
    }
}
