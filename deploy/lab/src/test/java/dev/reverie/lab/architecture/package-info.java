/** Tests of the dependencies between modules and of coding rules that the compiler does not check. */
@NullMarked
package dev.reverie.lab.architecture;

import org.jspecify.annotations.NullMarked;
