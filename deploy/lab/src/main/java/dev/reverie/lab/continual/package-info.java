/**
 * Class-incremental experiments, in which classes arrive in steps, their real images are dropped, and networks are
 * trained on the memories, or with them.
 */
@NullMarked
package dev.reverie.lab.continual;

import org.jspecify.annotations.NullMarked;
