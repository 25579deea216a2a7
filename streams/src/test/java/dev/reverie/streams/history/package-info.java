@NullMarked
package dev.reverie.streams.history;

import org.jspecify.annotations.NullMarked;
