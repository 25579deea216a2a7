/**
 * Backups of a store: their format, which does not depend on the kind of database, and how to take and restore them.
 */
@NullMarked
package dev.reverie.actors.backup;

import org.jspecify.annotations.NullMarked;
