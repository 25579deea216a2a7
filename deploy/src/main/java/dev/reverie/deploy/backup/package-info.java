/** Backups as files, and the folders and databases to which they are restored. */
@NullMarked
package dev.reverie.deploy.backup;

import org.jspecify.annotations.NullMarked;
