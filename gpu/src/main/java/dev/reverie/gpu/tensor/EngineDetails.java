package dev.reverie.gpu.tensor;

/**
 * What is known about an engine. Some engines know less before they are open.
 *
 * @param version version of the library
 * @param build platform and, if known, instruction set of the binaries
 * @param gpu whether the engine computes on a GPU
 */
public record EngineDetails(String version, String build, boolean gpu) {}
