package dev.reverie.deploy.fetch;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder and source of a fetched dataset.
 *
 * @param source empty if all files were already there
 */
public record FetchedDataset(Path directory, Optional<String> source) {}
