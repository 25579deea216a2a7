package dev.reverie.streams.folder;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.ArrayHints;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.streams.decode.DeliveryDecoder;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.decode.SampleRefusedException;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import dev.reverie.streams.ingest.ItemDelivery.DecodeResult;
import dev.reverie.streams.ingest.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads files and decodes them into samples. {@link FolderIngest} describes the layout of the folder. Thread safe. */
final class SampleFileReader {

    private static final String BATCH = ".npz";
    private static final String ARRAY = ".npy";

    private final IngestLimits limits;
    private final DeliveryDecoder decoder;
    private final ArrayHints hints;

    /**
     * Creates a reader.
     *
     * @param service returns the shape of the images that the service stores, if it has any
     */
    SampleFileReader(IngestLimits limits, Optional<Resizing> resizing, Supplier<Optional<ImageShape>> service) {
        this.hints = new ArrayHints(Optional.empty(), service);
        this.limits = limits;
        this.decoder = new DeliveryDecoder(limits, resizing, DeliveryDecoder.Terms.FOLDER);
    }

    /**
     * Reads a file. Returns empty if the file was deleted or changed after it was found; a later scan finds a changed
     * file again.
     *
     * @throws IOException if the file cannot be read now; it may be readable later
     */
    Optional<DecodeResult<FoundFile>> read(FoundFile file) throws IOException {
        if (file.link() || isBehindLink(file)) {
            return undecodable(
                    file,
                    new Refusal(
                            "link-refused",
                            "symbolic links are not followed unless reverie.watch.follow-links is set and they stay in"
                                    + " the folder: put the file itself into the folder",
                            1));
        }
        byte[] content;
        try {
            content = content(file);
            if (!file.isUnchanged()) {
                return Optional.empty();
            }
        } catch (IOException e) {
            if (Files.notExists(file.path(), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            throw e;
        }
        try {
            return Optional.of(new DecodeResult.Decoded<>(file, content.length, samples(file, content)));
        } catch (SampleRefusedException e) {
            return undecodable(file, Refusal.of(e));
        }
    }

    private static boolean isBehindLink(FoundFile file) {
        try {
            Path content = file.root().resolve(file.content());
            return !content.toRealPath().equals(content);
        } catch (IOException _) { // the file was deleted, so reading it will fail
            return false;
        }
    }

    private static Optional<DecodeResult<FoundFile>> undecodable(FoundFile file, Refusal refusal) {
        return Optional.of(new DecodeResult.Undecodable<>(file, 0, refusal));
    }

    /**
     * Reads at most one byte more than allowed. With this byte, the decoder detects and refuses a file that is too
     * large.
     */
    private byte[] content(FoundFile file) throws IOException {
        try (OpenFolder folder = OpenFolder.of(file.root(), file.content());
                InputStream in = folder.read(file.content().getFileName())) {
            return in.readNBytes((int) Math.min(file.size(), limits.bodyBytes()) + 1);
        }
    }

    private List<Sample> samples(FoundFile file, byte[] content) throws SampleRefusedException {
        String name = file.name().toString().toLowerCase(Locale.ROOT);
        String id = file.id(content);
        if (name.endsWith(BATCH)) {
            return withIds(decoder.batch(content, hints), id);
        }
        String label = file.folder()
                .orElseThrow(() -> new SampleRefusedException(
                        Reason.LABEL_INVALID,
                        "the file " + SafeExcerpt.quoted(file.name().toString())
                                + " is not in a subfolder: put it into a folder named by its label"));
        if (name.endsWith(ARRAY)) {
            return withIds(decoder.array(content, label, hints), id);
        }
        return decoder.image(content, label, Optional.of(id));
    }

    static boolean hasArrays(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        return name.endsWith(BATCH) || name.endsWith(ARRAY);
    }

    private static List<Sample> withIds(List<Sample> batch, String id) {
        List<Sample> samples = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            Sample sample = batch.get(i);
            samples.add(new Sample(sample.label(), Optional.of(sample.id().orElse(id + "-" + i)), sample.image()));
        }
        return samples;
    }
}
