/** The files by which Reverie is installed, held against what reads them and against what they promise. */
@NullMarked
package dev.reverie.deploy.packaging;

import org.jspecify.annotations.NullMarked;
