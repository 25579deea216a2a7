package dev.reverie.streams.folder;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.ImageFormat;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.decode.SampleDecoder;
import dev.reverie.streams.decode.SampleRefusedException;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import dev.reverie.streams.ingest.Refusal;
import dev.reverie.streams.ingest.SourceItem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes samples of a file, see {@link FolderIngest} for what lies where. Thread safe. */
final class SampleFileReader {

    private final IngestLimits limits;
    private final SampleDecoder decoder;

    SampleFileReader(IngestLimits limits) {
        this.limits = limits;
        this.decoder = new SampleDecoder(limits, "the file");
    }

    /** What is in a file; empty if it was taken away or written to since it was found, which a later look notices. */
    Optional<SourceItem<FoundFile>> read(FoundFile file) {
        if (file.link() || isBehindLink(file)) {
            return broken(
                    file,
                    new Refusal(
                            "link-refused", "symbolic links are not followed: lay the file itself into the folder", 1));
        }
        byte[] content;
        try {
            content = content(file);
            if (!file.isUnchanged()) {
                return Optional.empty();
            }
        } catch (IOException e) {
            return Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS)
                    ? broken(file, new Refusal("file-unreadable", "the file cannot be read: check its permissions", 1))
                    : Optional.empty();
        }
        try {
            return Optional.of(new SourceItem.Sound<>(file, content.length, samples(file, content)));
        } catch (SampleRefusedException e) {
            return broken(file, Refusal.of(e));
        }
    }

    private static boolean isBehindLink(FoundFile file) {
        try {
            return !file.path().toRealPath().equals(file.path());
        } catch (IOException _) { // gone: reading it will tell
            return false;
        }
    }

    private static Optional<SourceItem<FoundFile>> broken(FoundFile file, Refusal refusal) {
        return Optional.of(new SourceItem.Broken<>(file, 0, refusal));
    }

    /** One byte more than is allowed at most, so that the decoder refuses it by its size. */
    private byte[] content(FoundFile file) throws IOException {
        try (InputStream in = Files.newInputStream(file.path(), LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes((int) Math.min(file.size(), limits.bodyBytes()) + 1);
        }
    }

    private List<Sample> samples(FoundFile file, byte[] content) throws SampleRefusedException {
        String name = file.name().toString().toLowerCase(Locale.ROOT);
        String id = file.id(content);
        if (name.endsWith(".npz")) {
            return identified(decoder.batch(content), id);
        }
        String label = file.folder()
                .orElseThrow(() -> new SampleRefusedException(
                        Reason.LABEL_INVALID,
                        "the picture " + SafeExcerpt.quoted(file.name().toString())
                                + " lies in no folder that names its class: lay it into one"));
        ImageFormat format = name.endsWith(".png") ? ImageFormat.PNG : ImageFormat.JPEG;
        return decoder.picture(format, content, label, Optional.of(id));
    }

    private static List<Sample> identified(List<Sample> batch, String id) {
        List<Sample> samples = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            Sample sample = batch.get(i);
            samples.add(new Sample(sample.label(), Optional.of(sample.id().orElse(id + "-" + i)), sample.image()));
        }
        return samples;
    }
}
