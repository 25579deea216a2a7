/** Evaluation networks other than Reverie's ConvNet, as DeepLearning4J computation graphs. */
@NullMarked
package dev.reverie.gpu.graph;

import org.jspecify.annotations.NullMarked;
