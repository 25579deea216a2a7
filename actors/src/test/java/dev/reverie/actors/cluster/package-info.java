/** Tests of the nodes of a cluster, and of the messages between them. */
@NullMarked
package dev.reverie.actors.cluster;

import org.jspecify.annotations.NullMarked;
