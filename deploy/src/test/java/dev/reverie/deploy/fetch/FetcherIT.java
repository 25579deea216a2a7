package dev.reverie.deploy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.published.Datasets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetcherIT {

    @ParameterizedTest
    @DisplayName("fetches the real dataset, which can be loaded, and does not fetch it twice")
    @ValueSource(strings = {"fashion-mnist", "mnist"})
    void fetchesForReal(String name, @TempDir Path folder) throws IOException {
        // when
        FetchedDataset first = Fetcher.standard().fetch(name, folder, new SilentFetch());
        FetchedDataset second = Fetcher.standard().fetch(name, folder, new SilentFetch());

        // then
        assertThat(first.source()).isPresent();
        assertThat(second.source()).isEmpty();
        Dataset dataset = Datasets.load(name, Optional.of(folder));
        assertThat(dataset.train()).hasSize(60_000);
        assertThat(dataset.test()).hasSize(10_000);
        assertThat(folder.toFile().list()).as("nothing is left behind").hasSize(4);
    }
}
