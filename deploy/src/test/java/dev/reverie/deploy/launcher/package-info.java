/** Tests of the launcher script with stubs of Java and Maven. */
@NullMarked
package dev.reverie.deploy.launcher;

import org.jspecify.annotations.NullMarked;
