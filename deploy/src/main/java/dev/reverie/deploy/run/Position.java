package dev.reverie.deploy.run;

/**
 * A place in the loops of a run.
 *
 * @param outer outer iteration, from 0
 * @param inner inner loop, from 0
 */
public record Position(int outer, int inner) {}
