package dev.reverie.deploy.fetch;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a fetched dataset lies, and whence it came.
 *
 * @param source empty if all files were there already
 */
public record Fetched(Path directory, Optional<String> source) {}
