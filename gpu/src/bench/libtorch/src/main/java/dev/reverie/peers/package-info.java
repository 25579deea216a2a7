/** Other people's engines at the work of ours. */
@NullMarked
package dev.reverie.peers;

import org.jspecify.annotations.NullMarked;
