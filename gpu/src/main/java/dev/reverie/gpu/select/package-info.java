/** Which real images stand for a class: representatives and coresets. */
@NullMarked
package dev.reverie.gpu.select;

import org.jspecify.annotations.NullMarked;
