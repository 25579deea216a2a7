package dev.reverie.gpu.engine;

/**
 * Identifies one matching network. Every task of a {@link DistillationEngine} carries it. An engine that does not have
 * the network (because the network is new or the engine was restarted after a failure) draws it from its seed, so no
 * task depends on the success of an earlier one. A larger {@code classes} with the same {@code outer} grows the
 * classifier and keeps the rest.
 *
 * @param outer iteration, from 0; each has its own new network
 * @param classes number of outputs, at least 1
 */
public record NetworkId(int outer, int classes) {}
