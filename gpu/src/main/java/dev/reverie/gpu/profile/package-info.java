/** Where the time of the kernels goes, and what the machine could do at best. */
@NullMarked
package dev.reverie.gpu.profile;

import org.jspecify.annotations.NullMarked;
