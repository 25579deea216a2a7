/**
 * Networks and their derivatives: ConvNet-D, with forward and backward pass and the tangents of both (R-operator), and
 * ResNetAP-10, with forward and backward pass.
 */
@NullMarked
package dev.reverie.gpu.network;

import org.jspecify.annotations.NullMarked;
