package dev.reverie.deploy.cli;

import dev.reverie.deploy.progress.LoadView;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.published.DatasetOptions;
import dev.reverie.gpu.dataset.published.Datasets;

/** Reads a dataset, and shows the progress if that takes long. */
public final class DatasetLoader {

    private DatasetLoader() {}

    /** Reads a dataset as {@link Datasets} does. */
    public static Dataset load(String name, DatasetOptions options, CliContext context) {
        try (ProgressView view = context.progress(false).beginDelayed("Reading", CliContext.PROGRESS_PAUSE)) {
            return Datasets.load(name, options, new LoadView(view, context.steadyClock()));
        }
    }
}
