/** How fast this machine is. */
@NullMarked
package dev.reverie.deploy.experiments.bench;

import org.jspecify.annotations.NullMarked;
