/** How fast this machine is. */
@NullMarked
package dev.reverie.deploy.bench;

import org.jspecify.annotations.NullMarked;
