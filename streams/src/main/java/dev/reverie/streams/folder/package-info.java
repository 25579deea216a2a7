/** Files that are laid into a folder are taken in: each is counted once, or is named with the reason why not. */
@NullMarked
package dev.reverie.streams.folder;

import org.jspecify.annotations.NullMarked;
