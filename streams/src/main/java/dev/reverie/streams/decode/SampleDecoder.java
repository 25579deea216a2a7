package dev.reverie.streams.decode;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.DataTooLargeException;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageDecoder;
import dev.reverie.gpu.dataset.ImageFormat;
import dev.reverie.gpu.dataset.NpzSamples;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes samples of what was sent, within limits. Thread safe; keeps its thread busy for as long as it takes. */
public final class SampleDecoder {

    private final IngestLimits limits;
    private final String subject;
    private final NameRules names;

    /**
     * A decoder.
     *
     * @param subject what to call that which was sent, for example {@code the body}
     */
    public SampleDecoder(IngestLimits limits, String subject) {
        this.limits = limits;
        this.subject = subject;
        this.names = new NameRules(limits);
    }

    /**
     * Samples of an NPZ, see {@link NpzSamples}.
     *
     * @throws SampleRefusedException if any of them cannot be used
     */
    public List<Sample> batch(byte[] content) throws SampleRefusedException {
        requireSize(content);
        NpzSamples batch;
        try {
            batch = NpzSamples.read(
                    content,
                    subject,
                    new NpzSamples.Limits(limits.images(), limits.pixels(), limits.decodedBytes(content.length)));
        } catch (DataTooLargeException e) {
            throw new SampleRefusedException(Reason.TOO_LARGE, e.getMessage());
        } catch (DatasetException e) {
            throw new SampleRefusedException(Reason.BATCH_INVALID, e.getMessage());
        }
        try {
            return named(batch);
        } catch (SampleRefusedException e) {
            throw e.among(batch.images().size());
        }
    }

    private List<Sample> named(NpzSamples batch) throws SampleRefusedException {
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
     * @throws SampleRefusedException if it cannot be used
     */
    public List<Sample> picture(ImageFormat promised, byte[] content, String label, Optional<String> id)
            throws SampleRefusedException {
        requireSize(content);
        Optional<ImageFormat> actual = ImageFormat.of(content);
        if (!actual.equals(Optional.of(promised))) {
            throw new SampleRefusedException(
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
     * @throws SampleRefusedException if any of them cannot be used
     */
    public List<Sample> lines(byte[] content) throws SampleRefusedException {
        requireSize(content);
        List<Sample> samples;
        try {
            samples = eachOf(content);
        } catch (SampleRefusedException e) {
            throw e.among(JsonLinesReader.count(content));
        }
        if (samples.isEmpty()) {
            throw new SampleRefusedException(
                    Reason.EMPTY, subject + " has only blank lines: want one JSON object a line");
        }
        return samples;
    }

    private List<Sample> eachOf(byte[] content) throws SampleRefusedException {
        List<Sample> samples = new ArrayList<>();
        int left = limits.decodedBytes(content.length);
        for (JsonLinesReader lines = new JsonLinesReader(content, limits, subject); lines.hasNext(); ) {
            if (samples.size() == limits.images()) {
                throw new SampleRefusedException(
                        Reason.TOO_LARGE,
                        subject + " has more than the " + limits.images() + " images allowed at once: send fewer");
            }
            JsonLinesReader.Line line = lines.next();
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
    private Image decoded(byte[] picture, String name, int left) throws SampleRefusedException {
        try {
            Image image = ImageDecoder.decode(picture, name, Math.min(limits.pixels(), left));
            if (image.shape().size() > left) {
                throw tooMuch();
            }
            return image;
        } catch (DataTooLargeException e) {
            throw left < limits.pixels() ? tooMuch() : new SampleRefusedException(Reason.TOO_LARGE, e.getMessage());
        } catch (DatasetException e) {
            throw new SampleRefusedException(Reason.IMAGE_INVALID, e.getMessage());
        }
    }

    private SampleRefusedException tooMuch() {
        return new SampleRefusedException(
                Reason.TOO_LARGE,
                subject + " unpacks to more than " + limits.decodeRatio() + " times its size, or more than "
                        + limits.decodedBytes() + " bytes: send fewer or smaller images at once");
    }

    private void requireSize(byte[] content) throws SampleRefusedException {
        if (content.length == 0) {
            throw new SampleRefusedException(Reason.EMPTY, subject + " is empty: want images");
        }
        if (content.length > limits.bodyBytes()) {
            throw new SampleRefusedException(
                    Reason.TOO_LARGE,
                    subject + " has more than the " + limits.bodyBytes() + " bytes allowed at once: send less");
        }
    }
}
