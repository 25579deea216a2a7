/** What is matched, gradients or mean features, and how far two of them are apart, with the derivative. */
@NullMarked
package dev.reverie.gpu.objective;

import org.jspecify.annotations.NullMarked;
