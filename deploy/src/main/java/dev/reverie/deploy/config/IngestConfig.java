package dev.reverie.deploy.config;

import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.util.List;
import java.util.Optional;

/**
 * What all ingest sources do with images.
 *
 * @param resizing how images are brought to one size; empty if all images must have the same shape
 */
public record IngestConfig(Optional<Resizing> resizing) {

    static IngestConfig read(ConfigSection ingest) {
        Resizing.Fit fit = ingest.oneOf("fit", List.of(Resizing.Fit.values()), Resizing.Fit::label);
        Optional<TargetSize> size = ingest.size("resize");
        ingest.require(
                fit == Resizing.Fit.CROP || ingest.isSet("resize"),
                "fit",
                "it only affects reverie.ingest.resize: set that, too, or omit the fit");
        return new IngestConfig(size.map(each -> new Resizing(each, fit)));
    }

    /** The size of all images; empty if the first image decides it. */
    public Optional<TargetSize> size() {
        return resizing.map(Resizing::size);
    }
}
