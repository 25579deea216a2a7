/**
 * Class-incremental experiments: the accuracy that memories give when classes arrive in steps and real images are
 * dropped.
 */
@NullMarked
package dev.reverie.deploy.experiments.continual;

import org.jspecify.annotations.NullMarked;
