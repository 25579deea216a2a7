/** Stored images as pictures: WebP, JPEG or PNG, and the files that contain them. */
@NullMarked
package dev.reverie.gpu.coded;

import org.jspecify.annotations.NullMarked;
