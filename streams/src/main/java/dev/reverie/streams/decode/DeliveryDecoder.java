package dev.reverie.streams.decode;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.ArrayHints;
import dev.reverie.gpu.dataset.DataTooLargeException;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageDecoder;
import dev.reverie.gpu.dataset.NpzSamples;
import dev.reverie.gpu.dataset.PixelLimits;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Decodes NPZ and NPY files, single images and JSON Lines into samples, enforces the limits of a delivery, and resizes
 * the images. The limits apply to the images as sent; resized images must not take more than the maximum decoded size
 * of a delivery either. Decodes on the calling thread. Thread safe.
 */
public final class DeliveryDecoder {

    /** Number of bytes that tell a format. */
    private static final int MAGIC = 6;

    private final IngestLimits limits;
    private final Optional<Resizing> resizing;
    private final Terms terms;
    private final String subject;
    private final NameRules names;
    private final LongConsumer working;

    /** What messages to senders call the parts of a delivery, for each ingest source. */
    public enum Terms {
        HTTP("the body", "the query parameter 'label'", "the query parameter 'id'"),

        /** Files of a watched folder; their ids are generated. */
        FOLDER("the file", "the name of the file's folder", "the id of the file"),

        KAFKA("the record", "the record header 'label'", "the record header 'id'");

        private final String content;
        private final String label;
        private final String id;

        Terms(String content, String label, String id) {
            this.content = content;
            this.label = label;
            this.id = id;
        }
    }

    /**
     * Creates a decoder.
     *
     * @param resizing brings all images to one size; if empty, they keep their sizes
     */
    public DeliveryDecoder(IngestLimits limits, Optional<Resizing> resizing, Terms terms) {
        this(limits, resizing, terms, _ -> {});
    }

    private DeliveryDecoder(IngestLimits limits, Optional<Resizing> resizing, Terms terms, LongConsumer working) {
        this.limits = limits;
        this.resizing = resizing;
        this.terms = terms;
        this.subject = terms.content;
        this.names = new NameRules(limits);
        this.working = working;
    }

    /**
     * Returns a decoder that asks for the memory which decoding a picture takes beside the delivery and its pixels.
     *
     * @param reserving called with a number of bytes before each picture is decoded; throws an exception if there is no
     *     room for them
     */
    public DeliveryDecoder reserving(LongConsumer reserving) {
        return new DeliveryDecoder(limits, resizing, terms, reserving);
    }

    /** Returns the media type that the first bytes tell: that of arrays, of lines of JSON, or else of a picture. */
    public static String typeOf(byte[] content) {
        String start = new String(content, 0, Math.min(content.length, MAGIC), StandardCharsets.ISO_8859_1);
        if (start.startsWith("PK\3\4")) {
            return "application/x-npz";
        }
        if (start.equals("\u0093NUMPY")) {
            return "application/x-npy";
        }
        return start.startsWith("{") ? "application/x-ndjson" : "image/*";
    }

    /** Decodes an NPZ file; {@link NpzSamples} describes its arrays. */
    public List<Sample> batch(byte[] content, ArrayHints hints) throws SampleRefusedException {
        return samples(content, of -> NpzSamples.read(content, subject, of, hints));
    }

    /** Decodes an NPY file of images that have one label. */
    public List<Sample> array(byte[] content, String label, ArrayHints hints) throws SampleRefusedException {
        String name = names.label(label, terms.label);
        return samples(content, of -> NpzSamples.read(content, subject, name, of, hints));
    }

    private List<Sample> samples(byte[] content, Function<NpzSamples.Limits, NpzSamples> reading)
            throws SampleRefusedException {
        requireSize(content);
        NpzSamples batch;
        try {
            batch = reading.apply(
                    new NpzSamples.Limits(limits.images(), limits.pixels(), limits.decodedBytes(content.length)));
        } catch (DataTooLargeException e) {
            throw new SampleRefusedException(Reason.TOO_LARGE, e.getMessage());
        } catch (DatasetException e) {
            throw new SampleRefusedException(Reason.BATCH_INVALID, e.getMessage());
        }
        try {
            return samplesOfBatch(batch);
        } catch (SampleRefusedException e) {
            throw e.affecting(batch.images().size());
        }
    }

    private List<Sample> samplesOfBatch(NpzSamples batch) throws SampleRefusedException {
        ResizedBytes resizedBytes = new ResizedBytes();
        List<Sample> samples = new ArrayList<>(batch.images().size());
        for (int i = 0; i < batch.images().size(); i++) {
            String where = " of image " + i + " of " + subject;
            String label = names.label(batch.labels().get(i), "the label" + where);
            int index = i;
            Optional<String> id = names.id(batch.ids().map(ids -> ids.get(index)), "the id" + where);
            samples.add(
                    new Sample(label, id, resizedBytes.resized(batch.images().get(i))));
        }
        return samples;
    }

    /** Decodes a single image, whose bytes tell its format. */
    public List<Sample> image(byte[] content, String label, Optional<String> id) throws SampleRefusedException {
        requireSize(content);
        String name = names.label(label, terms.label);
        Image image = decode(content, subject, limits.decodedBytes(content.length));
        return List.of(new Sample(name, names.id(id, terms.id), new ResizedBytes().resized(image)));
    }

    /** Checks the names of an image before its content has arrived. */
    public void requireNames(String label, Optional<String> id) throws SampleRefusedException {
        names.label(label, terms.label);
        names.id(id, terms.id);
    }

    /**
     * Decodes JSON Lines, with one object per line: {@code {"label": "cat", "image": "base64 of a picture", "id":
     * "optional"}}.
     */
    public List<Sample> lines(byte[] content) throws SampleRefusedException {
        requireSize(content);
        List<Sample> samples;
        try {
            samples = samplesOfLines(content);
        } catch (SampleRefusedException e) {
            throw e.affecting(JsonLinesReader.count(content));
        }
        if (samples.isEmpty()) {
            throw new SampleRefusedException(
                    Reason.BODY_EMPTY, subject + " has only blank lines: write one JSON object per line");
        }
        return samples;
    }

    private List<Sample> samplesOfLines(byte[] content) throws SampleRefusedException {
        SeveralPictures pictures = new SeveralPictures(content.length);
        for (JsonLinesReader lines = new JsonLinesReader(content, limits, subject); lines.hasNext(); ) {
            pictures.add(lines.next());
        }
        return pictures.samples;
    }

    /**
     * Decodes the pictures of a form.
     *
     * @param sent size of the delivery as sent, in bytes
     */
    public List<Sample> form(List<EncodedSample> images, int sent) throws SampleRefusedException {
        SeveralPictures pictures = new SeveralPictures(sent);
        for (EncodedSample image : images) {
            pictures.add(image);
        }
        return pictures.samples;
    }

    /**
     * A picture, one of several in a delivery.
     *
     * @param name what messages call it
     * @param file returns the content of its file
     */
    public record EncodedSample(String name, String label, Optional<String> id, Supplier<byte[]> file) {}

    /** The samples of a delivery of several pictures, within the limits of one delivery. */
    private final class SeveralPictures {

        private final ResizedBytes resizedBytes = new ResizedBytes();
        private final List<Sample> samples = new ArrayList<>();
        private int left;

        SeveralPictures(int sent) {
            this.left = limits.decodedBytes(sent);
        }

        void add(EncodedSample next) throws SampleRefusedException {
            if (samples.size() == limits.images()) {
                throw new SampleRefusedException(
                        Reason.TOO_LARGE,
                        subject + " has more than " + limits.images() + " images: split it into several deliveries");
            }
            String label = names.label(next.label(), "the label of " + next.name());
            Optional<String> id = names.id(next.id(), "the id of " + next.name());
            Image image = decode(next.file().get(), "the image in " + next.name(), left);
            left -= image.shape().size();
            samples.add(new Sample(label, id, resizedBytes.resized(image)));
        }
    }

    /**
     * Decodes a picture. One that is to be resized may have more pixels than are decoded, if its file is in proportion.
     *
     * @param left maximum number of decoded bytes of the image
     */
    private Image decode(byte[] encoded, String name, int left) throws SampleRefusedException {
        PixelLimits pixels = resizing.isPresent()
                ? limits.ofResized(encoded.length)
                : PixelLimits.whole(Math.min(limits.pixels(), left));
        try {
            ImageDecoder picture = ImageDecoder.open(encoded, name, pixels);
            working.accept(picture.workingBytes());
            Image image = picture.decode();
            if (image.shape().size() > left) {
                throw tooLargeDecoded();
            }
            return image;
        } catch (DataTooLargeException e) {
            throw left < limits.pixels()
                    ? tooLargeDecoded()
                    : new SampleRefusedException(Reason.TOO_LARGE, e.getMessage());
        } catch (DatasetException e) {
            throw new SampleRefusedException(Reason.IMAGE_INVALID, e.getMessage());
        }
    }

    /** The bytes that the resized images of a delivery take; enlarged images can take much more than those sent. */
    private final class ResizedBytes {

        private long bytes;

        /** Resizes the next image, unless it is the second or a later one and the images would take too many bytes. */
        Image resized(Image image) throws SampleRefusedException {
            if (resizing.isEmpty()) {
                return image;
            }
            TargetSize size = resizing.get().size();
            int one = size.bytes(image.shape().channels());
            if (bytes > 0 && bytes + one > limits.decodedBytes()) {
                throw new SampleRefusedException(
                        Reason.TOO_LARGE,
                        subject + " has more than " + limits.decodedBytes() + " bytes of pixels when its images are"
                                + " resized to " + size + ": send at most "
                                + Math.max(1, limits.decodedBytes() / one) + " images at once");
            }
            bytes += one;
            return resizing.get().apply(image);
        }
    }

    private SampleRefusedException tooLargeDecoded() {
        return new SampleRefusedException(
                Reason.TOO_LARGE,
                subject + " decodes to more than " + limits.decodeRatio() + " times its size, or to more than "
                        + limits.decodedBytes() + " bytes of pixels: send fewer or smaller images at once");
    }

    private void requireSize(byte[] content) throws SampleRefusedException {
        if (content.length == 0) {
            throw new SampleRefusedException(Reason.BODY_EMPTY, subject + " is empty: send at least one image");
        }
        if (content.length > limits.bodyBytes()) {
            throw new SampleRefusedException(
                    Reason.TOO_LARGE,
                    subject + " is larger than " + limits.bodyBytes() + " bytes: send fewer or smaller images at once");
        }
    }
}
