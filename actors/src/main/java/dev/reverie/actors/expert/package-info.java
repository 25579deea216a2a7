/** Stores of expert trajectories: the parameters of networks in the course of their training on real images. */
@NullMarked
package dev.reverie.actors.expert;

import org.jspecify.annotations.NullMarked;
