/** The engine on ND4J and the Vector API. Besides {@code dl4j}, this is the only package that uses ND4J. */
@NullMarked
package dev.reverie.gpu.tensor.nd4j;

import org.jspecify.annotations.NullMarked;
