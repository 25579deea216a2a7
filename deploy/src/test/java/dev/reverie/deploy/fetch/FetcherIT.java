package dev.reverie.deploy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.published.Datasets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetcherIT {

    @Test
    @DisplayName("fetches the real dataset, which can be loaded, and does not fetch it twice")
    void fetchesForReal(@TempDir Path folder) throws IOException {
        Optional<String> first = Fetcher.standard().fetch("fashion-mnist", folder, ProgressView.none());
        Optional<String> second = Fetcher.standard().fetch("fashion-mnist", folder, ProgressView.none());

        assertThat(first).isPresent();
        assertThat(second).isEmpty();
        Dataset dataset = Datasets.load("fashion-mnist", Optional.of(folder));
        assertThat(dataset.train()).hasSize(60_000);
        assertThat(dataset.test()).hasSize(10_000);
        assertThat(folder.toFile().list()).as("nothing is left behind").hasSize(4);
    }
}
