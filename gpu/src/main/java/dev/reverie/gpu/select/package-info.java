/** Selection of real images that represent a class: representatives and coresets. */
@NullMarked
package dev.reverie.gpu.select;

import org.jspecify.annotations.NullMarked;
