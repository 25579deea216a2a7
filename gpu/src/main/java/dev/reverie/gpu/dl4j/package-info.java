/** Evaluation networks other than Reverie's ConvNet, as DeepLearning4J computation graphs. */
@NullMarked
package dev.reverie.gpu.dl4j;

import org.jspecify.annotations.NullMarked;
