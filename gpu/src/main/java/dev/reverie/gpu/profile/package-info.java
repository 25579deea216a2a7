/** Profiles the time spent in kernels and measures the limits of the machine. */
@NullMarked
package dev.reverie.gpu.profile;

import org.jspecify.annotations.NullMarked;
