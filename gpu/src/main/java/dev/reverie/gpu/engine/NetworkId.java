package dev.reverie.gpu.engine;

/**
 * Names one matching network. Every request to an {@link DistillationEngine} carries it: an engine that does not hold
 * that network (it is new, or was restarted after a failure) draws it afresh from its seed, so no request depends on an
 * earlier one having succeeded. A larger {@code classes} under the same {@code outer} grows the classifier and keeps
 * the rest.
 *
 * @param outer outer iteration, from 0; each has its own fresh network
 * @param classes number of outputs, at least 1
 */
public record NetworkId(int outer, int classes) {}
