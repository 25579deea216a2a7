/** Where the trajectories of networks trained on real images are kept, for students to follow. */
@NullMarked
package dev.reverie.actors.expert;

import org.jspecify.annotations.NullMarked;
