/** Tests of backups. */
@NullMarked
package dev.reverie.actors.backup;

import org.jspecify.annotations.NullMarked;
