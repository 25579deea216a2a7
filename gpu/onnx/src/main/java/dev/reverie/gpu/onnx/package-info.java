/** Networks in ONNX files, computed by ONNX Runtime. */
@NullMarked
package dev.reverie.gpu.onnx;

import org.jspecify.annotations.NullMarked;
