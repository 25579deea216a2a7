/** A distillation that never ends, as its doors and outlets see it. */
@NullMarked
package dev.reverie.streams.service;

import org.jspecify.annotations.NullMarked;
