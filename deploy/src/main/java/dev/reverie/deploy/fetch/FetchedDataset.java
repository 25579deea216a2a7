package dev.reverie.deploy.fetch;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder and source of a fetched dataset.
 *
 * @param source name of the source; empty if the folder already contained all files
 */
public record FetchedDataset(Path directory, Optional<String> source) {}
