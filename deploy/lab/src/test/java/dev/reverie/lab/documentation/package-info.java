/**
 * Checks the documentation: runs its commands, compares its file formats and terms with the code, follows its links.
 */
@NullMarked
package dev.reverie.lab.documentation;

import org.jspecify.annotations.NullMarked;
