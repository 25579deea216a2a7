/** Networks to judge a set by other than our own ConvNet, as computation graphs of DeepLearning4J. */
@NullMarked
package dev.reverie.gpu.graph;

import org.jspecify.annotations.NullMarked;
