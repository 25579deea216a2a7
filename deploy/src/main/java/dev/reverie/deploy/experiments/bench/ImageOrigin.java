package dev.reverie.deploy.experiments.bench;

import java.util.Locale;

/** Where the images of a benchmark are from. */
public enum ImageOrigin {
    FASHION_MNIST,
    GENERATED;

    /** As on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
