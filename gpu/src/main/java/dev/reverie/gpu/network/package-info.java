/** ConvNet-D and its derivatives: forward, backward, and the tangents of both (R-operator). */
@NullMarked
package dev.reverie.gpu.network;

import org.jspecify.annotations.NullMarked;
